//! `vus`, `duration`, `iterations` and `stages`: short ways to say one scenario.

use super::{Notice, OptionsError, OptionsLayer, SignedDuration};
use crate::{
    executor::ExecutorKind,
    scenario::{DEFAULT_EXEC, ScenarioLayer},
};

/// The scenarios that the options mean, not yet checked.
pub(super) fn scenarios(
    merged: &OptionsLayer,
    notices: &mut Vec<Notice>,
) -> Result<Vec<ScenarioLayer>, OptionsError> {
    let stages = merged.stages.as_deref().filter(|stages| !stages.is_empty());
    let listed = merged.scenarios.as_deref().filter(|scenarios| !scenarios.is_empty());
    let conflict = |first, second| Err(OptionsError::Conflict { first, second });
    let one = |kind| ScenarioLayer { vus: merged.vus, ..ScenarioLayer::new(DEFAULT_EXEC, kind) };

    if let Some(iterations) = merged.iterations {
        match (stages, listed) {
            (Some(_), _) => return conflict("iterations", "stages"),
            (_, Some(_)) => return conflict("iterations", "scenarios"),
            _ => {}
        }
        // With `iterations`, `duration` is the limit.
        return Ok(vec![ScenarioLayer {
            iterations: Some(iterations),
            max_duration: merged.duration,
            ..one(ExecutorKind::SharedIterations)
        }]);
    }
    if let Some(duration) = merged.duration {
        match (stages, listed) {
            (Some(_), _) => return conflict("duration", "stages"),
            (_, Some(_)) => return conflict("duration", "scenarios"),
            _ if duration <= SignedDuration::default() => return Err(OptionsError::EmptyDuration),
            _ => {}
        }
        let duration = Some(duration);
        return Ok(vec![ScenarioLayer { duration, ..one(ExecutorKind::ConstantVus) }]);
    }
    if let Some(stages) = stages {
        if listed.is_some() {
            return conflict("stages", "scenarios");
        }
        return Ok(vec![ScenarioLayer {
            stages: Some(stages.to_vec()),
            start_vus: merged.vus,
            ..ScenarioLayer::new(DEFAULT_EXEC, ExecutorKind::RampingVus)
        }]);
    }
    if let Some(listed) = listed {
        return Ok(listed.to_vec());
    }
    if let Some(vus) = merged.vus.filter(|&vus| vus != 1) {
        notices.push(Notice::VusIgnored { vus });
    }
    if merged.stages.is_some() {
        notices.push(Notice::EmptyShortcut { key: "stages" });
    }
    if merged.scenarios.is_some() {
        notices.push(Notice::EmptyShortcut { key: "scenarios" });
    }
    Ok(vec![ScenarioLayer::new(DEFAULT_EXEC, ExecutorKind::PerVuIterations)])
}
