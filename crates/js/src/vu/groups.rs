//! Which VU sits in which group: a worker's VUs fill its groups, one after the other; those that live
//! for one function have a runtime of their own, which goes with them.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
    sync::Arc,
};

use sockeye_engine::vu::VuError;

use super::{engine_loader::EngineLoader, process::Process};
use crate::runtime::{fields::Fields, group::Group, seat::Seat};

/// The groups of one worker that may have room.
#[derive(Default)]
pub(crate) struct Groups(RefCell<Vec<Weak<Group>>>);

impl Groups {
    /// A seat beside other VUs, or in a group that begins.
    ///
    /// # Errors
    /// [`VuError::Fault`] if there is no memory for it.
    pub(crate) fn seat(&self, process: &Arc<Process>) -> Result<Rc<Seat>, VuError> {
        let mut groups = self.0.borrow_mut();
        groups.retain(|group| group.strong_count() > 0);
        let known = groups.iter().filter_map(Weak::upgrade).find(|group| group.has_room());
        if let Some(group) = known {
            return group.seat().map_err(no_engine);
        }
        let group = group(process, process.fields, process.limits.group)?;
        groups.push(Rc::downgrade(&group));
        group.seat().map_err(no_engine)
    }
}

/// A seat in a runtime of its own.
///
/// # Errors
/// [`VuError::Fault`] if there is no memory for it.
pub(crate) fn seat_alone(process: &Arc<Process>) -> Result<Rc<Seat>, VuError> {
    group(process, None, 1)?.seat().map_err(no_engine)
}

fn group(
    process: &Arc<Process>,
    fields: Option<Fields>,
    capacity: usize,
) -> Result<Rc<Group>, VuError> {
    let loader = EngineLoader(process.clone());
    let prepare = |runtime: &rquickjs::Runtime| runtime.set_loader(loader.clone(), loader);
    Group::new(process.limits, fields, capacity, prepare).map_err(no_engine)
}

fn no_engine(error: rquickjs::Error) -> VuError {
    VuError::Fault(format!("no JavaScript engine could be made: {error}"))
}
