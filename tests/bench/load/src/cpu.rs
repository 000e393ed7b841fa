//! CPU time of another process.

use std::fs;

use crate::Error;

/// Nanoseconds that all threads of a process have been running so far. The scheduler's own account is
/// used, because the one in `stat` counts in hundredths of a second.
pub(crate) fn nanoseconds(pid: u32) -> Result<u64, Error> {
    let mut sum = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        // A thread may end between the listing and the reading.
        let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
        let running: u64 = text.split(' ').next().unwrap_or_default().parse()?;
        sum += running;
    }
    Ok(sum)
}
