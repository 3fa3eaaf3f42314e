use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};

/// `volume NAME`
pub static VOLUME: NodeDef = NodeDef::new("volume", "A volume that lives as long as the run, to be mounted by name.")
    .more("A new volume takes the content and ownership of the image's directory under it.")
    .arguments(&[Argument::new("name", Type::Name, "The volume's name in the pipeline.")])
    .flags(&[EXTERNAL])
    .properties(&[
        Property::new("name", Type::Text, "What the engine calls it.")
            .default("the same name")
            .requires(Part::Flag("external")),
        Property::new("driver", Type::Text, "The volume driver.").default("local"),
    ])
    .children(&[&[&DRIVER_OPT, &LABEL]])
    .rules(MADE_ELSEWHERE)
    .repeatable();

/// `network NAME`, at the top level
pub static NETWORK: NodeDef = NodeDef::new("network", "A network besides the run's own, joined by name.")
    .more("All containers of a run share a private network anyway, in which services are reachable by their names.")
    .arguments(&[Argument::new("name", Type::Name, "The network's name in the pipeline.")])
    .flags(&[EXTERNAL, Word::new("internal", "without a way to the outside")])
    .properties(&[
        Property::new("name", Type::Text, "What the engine calls it.")
            .default("the same name")
            .requires(Part::Flag("external")),
        Property::new("driver", Type::Text, "The network driver.").default("bridge"),
    ])
    .children(&[&[&DRIVER_OPT, &LABEL]])
    .rules(&[
        Rule::AtMostOne(&[Part::Flag("external"), Part::Property("driver")]),
        Rule::AtMostOne(&[Part::Flag("external"), Part::Child("driver-opt")]),
        Rule::AtMostOne(&[Part::Flag("external"), Part::Child("label")]),
        Rule::AtMostOne(&[Part::Flag("external"), Part::Flag("internal")]),
    ])
    .repeatable();

/// What exists already is as whoever made it said.
const MADE_ELSEWHERE: &[Rule] = &[
    Rule::AtMostOne(&[Part::Flag("external"), Part::Property("driver")]),
    Rule::AtMostOne(&[Part::Flag("external"), Part::Child("driver-opt")]),
    Rule::AtMostOne(&[Part::Flag("external"), Part::Child("label")]),
];

const EXTERNAL: Word = Word::new("external", "exists already: pipe neither makes nor removes it");

static DRIVER_OPT: NodeDef = NodeDef::new("driver-opt", "An option of the driver.")
    .entries("the option's name", Argument::new("value", Type::Text, "The option's value."));

static LABEL: NodeDef = NodeDef::new("label", "A label.")
    .entries("the label's key", Argument::new("value", Type::Text, "The label's value."));
