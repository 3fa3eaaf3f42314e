use super::session::Session;
use crate::engine::Result;
use crate::event::Failure;
use crate::model::Port;
use crate::plan::{Operation, StepId};
use crate::preflight::{Holder, holders};

/// Steps that will fail for want of a port of the host, found before anything is started: the step, and who holds the port.
pub(super) async fn taken_ports(session: &Session) -> Result<Vec<(StepId, Failure)>> {
    let mut steps = Vec::new();
    let mut asked: Vec<&Port> = Vec::new();
    for step in &session.plan.steps {
        if let Operation::StartService(service) = &step.operation {
            for port in &service.ports {
                steps.push(step.id);
                asked.push(port);
            }
        }
    }
    let holders = holders(session.engine.as_ref(), &session.info, &asked).await?;
    let mut taken = Vec::new();
    for ((step, port), holder) in steps.into_iter().zip(asked).zip(holders) {
        let (Some(host), Some(holder)) = (&port.host, holder) else { continue };
        let holder = match holder {
            Holder::Container(name) => Some(name),
            Holder::Process => None,
        };
        taken.push((step, Failure::PortTaken { port: host.value, span: Some(host.span), holder }));
    }
    Ok(taken)
}
