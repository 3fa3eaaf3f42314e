use super::KeyValue;
use super::reader::Reader;
use crate::source::{Span, Spanned};

/// What a container may do besides what all containers may, and what less.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Privileges {
    /// `privileged`, `privileged #false`.
    pub privileged: Option<Spanned<bool>>,
    /// `cap add …` and `cap drop …`, in order.
    pub capabilities: Vec<Capability>,
    /// `security-opt …`, in order.
    pub security: Vec<Spanned<String>>,
    /// `sysctl KEY VALUE`, in order; a later line of the same key wins.
    pub sysctls: Vec<KeyValue>,
    /// `device …`, in order.
    pub devices: Vec<Device>,
    /// `gpus …`.
    pub gpus: Option<Gpus>,
}

/// One name of `cap add NET_ADMIN` or `cap drop ALL`.
#[derive(Debug, Clone, PartialEq)]
pub struct Capability {
    /// Given; else taken.
    pub add: bool,
    /// Without `CAP_`.
    pub name: Spanned<String>,
}

/// `device "/dev/fuse" "/dev/other" permissions=rw`.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    /// On the host.
    pub source: Spanned<String>,
    /// In the container; the same where it is missing.
    pub target: Option<Spanned<String>>,
    /// Of `r`, `w` and `m`.
    pub permissions: Option<Spanned<String>>,
    /// The node.
    pub span: Span,
}

/// `gpus all`, `gpus 2`, `gpus { device "0" "1" }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Gpus {
    /// Which.
    pub which: WhichGpus,
    /// The engine's driver for them.
    pub driver: Option<Spanned<String>>,
    /// What the driver must be able to do, separated by blanks.
    pub capabilities: Option<Spanned<String>>,
    /// The node.
    pub span: Span,
}

/// Which GPUs.
#[derive(Debug, Clone, PartialEq)]
pub enum WhichGpus {
    /// All of the machine.
    All,
    /// So many of any.
    Count(u32),
    /// These.
    Devices(Vec<Spanned<String>>),
}

impl Privileges {
    /// What the settings in `parent` say.
    pub(super) fn decode(parent: Reader<'_>) -> Self {
        Privileges {
            privileged: parent.switch("privileged"),
            capabilities: parent.children("cap").flat_map(Capability::decode_all).collect(),
            security: parent.values("security-opt"),
            sysctls: parent.pairs("sysctl"),
            devices: parent.children("device").filter_map(Device::decode).collect(),
            gpus: parent.child("gpus").and_then(Gpus::decode),
        }
    }
}

impl Capability {
    fn decode_all(node: Reader<'_>) -> Vec<Self> {
        let add = match node.argument::<String>(0) {
            Some(word) if word.value == "add" => true,
            Some(word) if word.value == "drop" => false,
            _ => return Vec::new(),
        };
        node.arguments(1).into_iter().map(|name| Capability { add, name }).collect()
    }
}

impl Device {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Device {
            source: node.argument(0)?,
            target: node.argument(1),
            permissions: node.property("permissions"),
            span: node.span(),
        })
    }
}

impl Gpus {
    fn decode(node: Reader<'_>) -> Option<Self> {
        let which = match node.argument::<u32>(0) {
            Some(count) => WhichGpus::Count(count.value),
            None if node.argument::<String>(0).is_some_and(|word| word.value == "all") => WhichGpus::All,
            None => match node.values("device") {
                devices if devices.is_empty() => return None,
                devices => WhichGpus::Devices(devices),
            },
        };
        Some(Gpus {
            which,
            driver: node.property("driver"),
            capabilities: node.property("capabilities"),
            span: node.span(),
        })
    }
}
