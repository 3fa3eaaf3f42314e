use std::collections::HashMap;

use bollard::models::{ContainerCpuStats, ContainerMemoryStats, ContainerStatsResponse};
use bollard::query_parameters::StatsOptionsBuilder;
use futures_util::StreamExt;

use super::Docker;
use crate::engine::{ContainerId, EngineError, ErrorKind, Result, Usage};

impl Docker {
    /// What a container uses, over the second that the engine takes to measure it.
    pub(super) async fn used_by(&self, id: &ContainerId) -> Result<Usage> {
        let operation = format!("measure container `{id}`");
        let options = StatsOptionsBuilder::default().stream(false).build();
        let ask = || async {
            let mut told = Box::pin(self.api.stats(&id.0, Some(options.clone())));
            told.next().await.transpose()
        };
        let told = self.line.ask(&operation, self.line.patience.change, ask).await?;
        let told = told.ok_or_else(|| EngineError::new(ErrorKind::Protocol, operation, "the engine measured nothing"));
        told.map(usage)
    }
}

fn usage(told: ContainerStatsResponse) -> Usage {
    let memory = told.memory_stats.unwrap_or_default();
    let networks = told.networks.unwrap_or_default();
    Usage {
        memory: in_use(&memory),
        peak_memory: memory.max_usage.filter(|most| *most > 0),
        cpu: busy(&told.cpu_stats.unwrap_or_default(), &told.precpu_stats.unwrap_or_default()),
        pids: told.pids_stats.and_then(|pids| pids.current).unwrap_or_default(),
        received: networks.values().filter_map(|network| network.rx_bytes).sum(),
        sent: networks.values().filter_map(|network| network.tx_bytes).sum(),
    }
}

/// As `docker stats` reckons: without pages of files that nobody has used lately.
fn in_use(memory: &ContainerMemoryStats) -> u64 {
    let empty = HashMap::new();
    let stats = memory.stats.as_ref().unwrap_or(&empty);
    let idle = stats.get("total_inactive_file").or_else(|| stats.get("inactive_file")).copied().unwrap_or_default();
    memory.usage.unwrap_or_default().saturating_sub(idle)
}

/// The share of all processors' time between two measurements, in percent of one processor.
fn busy(now: &ContainerCpuStats, before: &ContainerCpuStats) -> f64 {
    let total = |stats: &ContainerCpuStats| stats.cpu_usage.as_ref().and_then(|usage| usage.total_usage).unwrap_or(0);
    let system = |stats: &ContainerCpuStats| stats.system_cpu_usage.unwrap_or(0);
    let (used, all) = (total(now).saturating_sub(total(before)), system(now).saturating_sub(system(before)));
    let listed = || now.cpu_usage.as_ref().and_then(|usage| usage.percpu_usage.as_ref()).map_or(1, Vec::len) as u32;
    let cpus = now.online_cpus.filter(|cpus| *cpus > 0).unwrap_or_else(listed);
    if all == 0 { 0.0 } else { used as f64 / all as f64 * f64::from(cpus) * 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_container_uses_is_reckoned_as_docker_stats_does() {
        let told: ContainerStatsResponse = serde_json::from_value(serde_json::json!({
            "memory_stats": {"usage": 3_000_000, "max_usage": 5_000_000, "stats": {"total_inactive_file": 1_000_000}},
            "cpu_stats": {"cpu_usage": {"total_usage": 1_500_000_000_u64}, "system_cpu_usage": 14_000_000_000_u64, "online_cpus": 4},
            "precpu_stats": {"cpu_usage": {"total_usage": 1_000_000_000_u64}, "system_cpu_usage": 10_000_000_000_u64},
            "pids_stats": {"current": 3},
            "networks": {"eth0": {"rx_bytes": 10, "tx_bytes": 1}, "eth1": {"rx_bytes": 5, "tx_bytes": 2}},
        }))
        .expect("as the engine tells it");
        let wanted =
            Usage { memory: 2_000_000, peak_memory: Some(5_000_000), cpu: 50.0, pids: 3, received: 15, sent: 3 };
        assert_eq!(usage(told), wanted);
        assert_eq!(usage(ContainerStatsResponse::default()), Usage::default());
    }
}
