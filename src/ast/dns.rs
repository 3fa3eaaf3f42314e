use std::net::IpAddr;

use super::KeyValue;
use super::reader::Reader;
use crate::source::Spanned;

/// How a container finds the addresses of names, besides those of services.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dns {
    /// `dns "10.0.0.2"`, in order.
    pub servers: Vec<Spanned<IpAddr>>,
    /// `search="a.example b.example"`, one each node.
    pub search: Vec<Spanned<String>>,
    /// `options="ndots:1"`, one each node.
    pub options: Vec<Spanned<String>>,
    /// `extra-host NAME ADDRESS`, in order; the address may be the word `host-gateway`.
    pub extra_hosts: Vec<KeyValue>,
}

impl Dns {
    /// What the settings in `parent` say.
    pub(super) fn decode(parent: Reader<'_>) -> Self {
        Dns {
            servers: parent.values("dns"),
            search: parent.children("dns").filter_map(|node| node.property("search")).collect(),
            options: parent.children("dns").filter_map(|node| node.property("options")).collect(),
            extra_hosts: parent.pairs("extra-host"),
        }
    }
}
