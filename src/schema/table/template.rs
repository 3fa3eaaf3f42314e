use super::super::{Argument, NodeDef, Type};
use super::{container, healthcheck, service};

/// `template NAME { … }`
pub static TEMPLATE: NodeDef = NodeDef::new("template", "Settings that services, stages and other templates extend.")
    .more("It runs nothing by itself. One that has `port` or `healthcheck` is for services only.")
    .arguments(&[Argument::new("name", Type::Name, "The template's name.")])
    .children(&[container::SETTINGS, &[&healthcheck::HEALTHCHECK, &service::PORT]])
    .rules(container::RULES)
    .repeatable();
