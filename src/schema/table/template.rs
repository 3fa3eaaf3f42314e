use super::super::{Argument, NodeDef, Type};
use super::{container, healthcheck, service};

/// `template NAME { … }`
pub static TEMPLATE: NodeDef = NodeDef::new("template", "Settings that services, stages and other templates extend.")
    .more("It runs nothing by itself. One that has `port`, `healthcheck`, `keep` or `restart` is for services only.")
    .arguments(&[Argument::new("name", Type::Name, "The template's name.")])
    .children(&[container::SETTINGS, &[&healthcheck::HEALTHCHECK, &service::PORT, &service::KEEP, &service::RESTART]])
    .rules(container::RULES)
    .repeatable();
