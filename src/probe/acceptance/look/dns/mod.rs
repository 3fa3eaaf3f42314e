//! A name of the run's network: who has it there, or what the name servers of this machine know of it.

mod message;
mod server;

use std::net::IpAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::net::lookup_host;
use tokio::time::{Instant, timeout};

use super::exec::out_of_time;
use super::line::line;
use super::{Looker, Seen, Unseen};
use crate::engine::ErrorKind;
use crate::event::Exchange;
use crate::model::{DnsRecord, Fact, Query, Text};
use crate::probe::judge::{Observed, Shortfall, Subject, milliseconds, unanswered};

/// What a name resolves to.
#[derive(Debug)]
struct Resolved {
    record: DnsRecord,
    records: Vec<String>,
    took: Duration,
}

impl Looker<'_> {
    /// The engine's own name server answers to the containers of a network alone, and no tool of any of them is counted on: what it answers
    /// from is asked instead, the names and aliases that running services have in the run's network. It hands on what it does not know
    /// and has a dot to the resolver of its machine; here that is the resolver of this one.
    pub(super) async fn dns(&self, name: &Text, record: DnsRecord, limit: Duration) -> Result<Seen, Unseen> {
        let name = self.fill(name)?;
        let began = Instant::now();
        let kind = match record {
            DnsRecord::A => "A",
            DnsRecord::Aaaa => "AAAA",
            DnsRecord::Cname => "CNAME",
            DnsRecord::Srv => "SRV",
        };
        let request = line(["dig", "+short", &name, kind]);
        let mut records = match timeout(limit, self.resolve(&name, record)).await {
            Ok(found) => found?,
            Err(_) => return Err(out_of_time(limit, request)),
        };
        records.dedup();
        let response = if records.is_empty() { "nothing".to_owned() } else { records.join("\n") };
        let found = Box::new(Resolved { record, records, took: began.elapsed() });
        Ok(Seen { found, evidence: Exchange { request, response: Some(response) } })
    }

    /// The records of a name, in order.
    async fn resolve(&self, name: &str, record: DnsRecord) -> Result<Vec<String>, Unseen> {
        let own = self.in_network(name).await?;
        let is_elsewhere = own.is_empty() && name.contains('.');
        let mut addresses = match record {
            DnsRecord::A | DnsRecord::Aaaa if is_elsewhere => {
                let found = lookup_host((name, 0)).await;
                found.map(|found| found.map(|address| address.ip()).collect()).unwrap_or_default()
            }
            DnsRecord::A | DnsRecord::Aaaa => own,
            DnsRecord::Cname | DnsRecord::Srv if is_elsewhere => {
                let asked = server::ask(&server::of_this_machine().await, name, record).await;
                let mut records = asked.map_err(|why| Unseen::nothing("an answer", why))?;
                records.sort_unstable();
                return Ok(records);
            }
            // What a name stands for in the run's network is addresses, and never another name.
            DnsRecord::Cname | DnsRecord::Srv => return Ok(Vec::new()),
        };
        addresses.retain(|address: &IpAddr| address.is_ipv6() == (record == DnsRecord::Aaaa));
        addresses.sort_unstable();
        Ok(addresses.iter().map(ToString::to_string).collect())
    }

    /// The addresses of the services that have a name in the run's network.
    async fn in_network(&self, name: &str) -> Result<Vec<IpAddr>, Unseen> {
        let Some(network) = self.site().network() else { return Ok(Vec::new()) };
        let mut addresses = Vec::new();
        for service in self.site().services() {
            let Some(standing) = self.site().service(&service) else { continue };
            let state = match self.site().engine().inspect(&standing.container).await {
                Ok(state) => state,
                Err(error) if matches!(error.kind, ErrorKind::NotFound) => continue,
                Err(error) => return Err(Unseen::Engine(error)),
            };
            let joined = state.networks.iter().filter(|joined| joined.network == network);
            for joined in joined {
                let is = |own: &str| own.eq_ignore_ascii_case(name.trim_end_matches('.'));
                if is(&standing.name) || joined.names.iter().any(|own| is(own)) {
                    addresses.extend(&joined.addresses);
                }
            }
        }
        Ok(addresses)
    }
}

impl Subject for Resolved {
    fn observe(&self, query: &Query<String>) -> Observed {
        match (query, self.record) {
            (Query::Fact(Fact::Addresses), DnsRecord::Cname | DnsRecord::Srv) => {
                Observed::Broken("records of this type are no addresses; ask for `records`".to_owned())
            }
            (Query::Fact(Fact::Addresses | Fact::Records), _) => {
                Observed::Json(self.records.iter().map(|record| Value::from(record.clone())).collect())
            }
            (Query::Fact(Fact::Duration), _) => milliseconds(self.took),
            (query, _) => unanswered(query),
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        self.records.is_empty().then(|| match self.record {
            DnsRecord::A | DnsRecord::Aaaa => Shortfall::new("addresses", "not empty", "no address"),
            DnsRecord::Cname | DnsRecord::Srv => Shortfall::new("records", "not empty", "no record"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::fake::Script;
    use crate::model::Look;
    use crate::probe::acceptance::look::scene::Scene;
    use crate::probe::acceptance::suite::tests::literal;

    fn look(name: &str, record: DnsRecord) -> Look {
        Look::Dns { name: literal(name), record, timeout: Duration::from_secs(20) }
    }

    #[tokio::test]
    async fn a_name_of_the_run_s_network_is_the_address_of_who_has_it() {
        let scene = Scene::of(Script::runs()).await;
        for name in ["web", "WEB", "demo-web", "web."] {
            let seen = scene.sees(look(name, DnsRecord::A), &[]).await;
            assert_eq!(seen.fact(Fact::Addresses), Observed::Json(json!(["172.30.0.2"])), "{name}");
            assert_eq!(seen.fact(Fact::Records), seen.fact(Fact::Addresses));
            assert!(seen.found.shortfall().is_none());
            assert!(matches!(seen.fact(Fact::Duration), Observed::Number(_)));
        }
        let seen = scene.sees(look("web", DnsRecord::A), &[]).await;
        assert_eq!(
            (seen.evidence.request.as_str(), seen.evidence.response.as_deref()),
            ("dig +short web A", Some("172.30.0.2"))
        );
        assert!(matches!(seen.fact(Fact::Exit), Observed::Broken(_)), "no name has one");
    }

    #[tokio::test]
    async fn a_name_that_nobody_has_there_is_none() {
        let scene = Scene::of(Script::runs()).await;
        for record in [DnsRecord::A, DnsRecord::Aaaa] {
            let seen = scene.sees(look("nobody", record), &[]).await;
            assert_eq!(seen.fact(Fact::Addresses), Observed::Json(json!([])));
            assert_eq!(seen.found.shortfall().expect("it misses").actual, "no address");
        }
        let six = scene.sees(look("web", DnsRecord::Aaaa), &[]).await;
        assert_eq!(six.fact(Fact::Addresses), Observed::Json(json!([])), "its address is of version 4");
    }

    #[tokio::test]
    async fn a_name_of_the_run_s_network_stands_for_no_other() {
        let scene = Scene::of(Script::runs()).await;
        for record in [DnsRecord::Cname, DnsRecord::Srv] {
            let seen = scene.sees(look("web", record), &[]).await;
            assert_eq!(seen.fact(Fact::Records), Observed::Json(json!([])));
            assert_eq!(seen.found.shortfall().expect("it misses").actual, "no record");
            let Observed::Broken(why) = seen.fact(Fact::Addresses) else { panic!("answered") };
            assert_eq!(why, "records of this type are no addresses; ask for `records`");
        }
    }
}
