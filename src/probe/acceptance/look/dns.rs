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

/// The addresses of a name.
#[derive(Debug)]
struct Resolved {
    addresses: Vec<IpAddr>,
    took: Duration,
}

impl Looker<'_> {
    /// The engine's own name server answers to the containers of a network alone, and no tool of any of them is counted on: what it answers
    /// from is asked instead, the names and aliases that running services have in the run's network. It hands on what it does not know
    /// and has a dot to the resolver of its machine; here that is the resolver of this one.
    pub(super) async fn dns(&self, name: &Text, record: DnsRecord, limit: Duration) -> Result<Seen, Unseen> {
        let name = self.fill(name)?;
        let began = Instant::now();
        let resolving = async {
            let own = self.in_network(&name).await?;
            if !own.is_empty() || !name.contains('.') {
                return Ok(own);
            }
            let found = lookup_host((name.as_str(), 0)).await;
            Ok(found.map(|found| found.map(|address| address.ip()).collect()).unwrap_or_default())
        };
        let kind = if record == DnsRecord::Aaaa { "AAAA" } else { "A" };
        let request = line(["dig", "+short", &name, kind]);
        let mut addresses: Vec<IpAddr> = match timeout(limit, resolving).await {
            Ok(found) => found?,
            Err(_) => return Err(out_of_time(limit, request)),
        };
        addresses.retain(|address| address.is_ipv6() == (record == DnsRecord::Aaaa));
        addresses.sort_unstable();
        addresses.dedup();
        let shown: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        let response = if shown.is_empty() { "no address".to_owned() } else { shown.join("\n") };
        let found = Box::new(Resolved { addresses, took: began.elapsed() });
        Ok(Seen { found, evidence: Exchange { request, response: Some(response) } })
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
        match query {
            Query::Fact(Fact::Addresses | Fact::Records) => {
                Observed::Json(self.addresses.iter().map(|address| Value::from(address.to_string())).collect())
            }
            Query::Fact(Fact::Duration) => milliseconds(self.took),
            query => unanswered(query),
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        self.addresses.is_empty().then(|| Shortfall::new("addresses", "not empty", "no address"))
    }
}
