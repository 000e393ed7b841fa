//! Every call of the host, in one place: bytes in, bytes out, and a [`Result`].
//!
//! The SDK's own wrappers panic on a header that is not UTF-8 and on any status that they don't
//! expect, such as that of header access after the headers have gone on. A panic ends the VM and
//! with it every request of the worker, so nothing here does.
#![allow(unsafe_code, reason = "the host is reached through foreign functions")]

use std::fmt;
use std::ptr;
use std::time::Duration;

/// Why the host refused: the status of the Proxy-Wasm ABI 0.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused(u32);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.0)
    }
}

type Result<T> = std::result::Result<T, Refused>;

const OK: u32 = 0;
const NOT_FOUND: u32 = 1;
const EMPTY: u32 = 7;

const REQUEST_BODY: u32 = 0;
const CALLOUT_BODY: u32 = 4;
const PLUGIN_CONFIGURATION: u32 = 7;
const REQUEST_HEADERS: u32 = 0;
const RESPONSE_HEADERS: u32 = 2;
const CALLOUT_HEADERS: u32 = 6;
const REQUEST: u32 = 0;

/// WASI's clock that only goes forward. It begins, with most systems, when the machine is started.
const MONOTONIC: u32 = 1;
/// Some thirty years, in nanoseconds.
const YEARS: u64 = 1_000_000_000_000_000_000;

/// Beyond any buffer: as far as it goes.
const ALL: usize = usize::MAX;

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_get_buffer_bytes(
        buffer: u32,
        start: usize,
        max_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_set_buffer_bytes(
        buffer: u32,
        start: usize,
        size: usize,
        data: *const u8,
        data_size: usize,
    ) -> u32;
    fn proxy_get_header_map_pairs(map: u32, data: *mut *mut u8, size: *mut usize) -> u32;
    fn proxy_get_header_map_value(
        map: u32,
        key: *const u8,
        key_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_replace_header_map_value(
        map: u32,
        key: *const u8,
        key_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_remove_header_map_value(map: u32, key: *const u8, key_size: usize) -> u32;
    fn proxy_get_property(path: *const u8, path_size: usize, data: *mut *mut u8, size: *mut usize) -> u32;
    fn proxy_set_property(path: *const u8, path_size: usize, value: *const u8, value_size: usize) -> u32;
    fn proxy_send_local_response(
        status: u32,
        details: *const u8,
        details_size: usize,
        body: *const u8,
        body_size: usize,
        headers: *const u8,
        headers_size: usize,
        grpc_status: i32,
    ) -> u32;
    fn proxy_call_foreign_function(
        name: *const u8,
        name_size: usize,
        arguments: *const u8,
        arguments_size: usize,
        results: *mut *mut u8,
        results_size: *mut usize,
    ) -> u32;
    fn proxy_define_metric(kind: u32, name: *const u8, name_size: usize, id: *mut u32) -> u32;
    fn proxy_increment_metric(id: u32, offset: i64) -> u32;
    fn proxy_record_metric(id: u32, value: u64) -> u32;
    fn proxy_set_tick_period_milliseconds(period: u32) -> u32;
    fn proxy_set_effective_context(context: u32) -> u32;
    fn proxy_continue_stream(stream: u32) -> u32;
    fn proxy_get_shared_data(
        key: *const u8,
        key_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
        version: *mut u32,
    ) -> u32;
    fn proxy_set_shared_data(
        key: *const u8,
        key_size: usize,
        data: *const u8,
        size: usize,
        version: u32,
    ) -> u32;
    fn proxy_register_shared_queue(name: *const u8, name_size: usize, queue: *mut u32) -> u32;
    fn proxy_enqueue_shared_queue(queue: u32, value: *const u8, value_size: usize) -> u32;
    fn proxy_dequeue_shared_queue(queue: u32, data: *mut *mut u8, size: *mut usize) -> u32;
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn clock_time_get(clock: u32, precision: u64, time: *mut u64) -> u32;
}

fn checked(status: u32) -> Result<()> {
    if status == OK { Ok(()) } else { Err(Refused(status)) }
}

/// Runs a call that returns bytes; what the host does not have is empty.
fn bytes(call: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Result<Vec<u8>> {
    let mut data: *mut u8 = ptr::null_mut();
    let mut size = 0;
    match call(&mut data, &mut size) {
        OK if data.is_null() => Ok(Vec::new()),
        // SAFETY: the host got these bytes from this module's allocator (the SDK exports
        // `proxy_on_memory_allocate`, which leaks a boxed slice of exactly this size), wrote all of
        // them, and hands them over.
        OK => Ok(unsafe { Vec::from_raw_parts(data, size, size) }),
        NOT_FOUND => Ok(Vec::new()),
        status => Err(Refused(status)),
    }
}

/// The plugin configuration.
pub(crate) fn plugin_configuration() -> Result<Vec<u8>> {
    // SAFETY: both pointers are valid for the call.
    bytes(|data, size| unsafe { proxy_get_buffer_bytes(PLUGIN_CONFIGURATION, 0, ALL, data, size) })
}

/// What is buffered of the request's body.
pub(crate) fn request_body() -> Result<Vec<u8>> {
    // SAFETY: both pointers are valid for the call.
    bytes(|data, size| unsafe { proxy_get_buffer_bytes(REQUEST_BODY, 0, ALL, data, size) })
}

/// Replaces what is buffered of the request's body.
pub(crate) fn set_request_body(body: &[u8]) -> Result<()> {
    // SAFETY: the slice is valid for the call; the host copies it.
    checked(unsafe { proxy_set_buffer_bytes(REQUEST_BODY, 0, ALL, body.as_ptr(), body.len()) })
}

/// Appends to what is buffered of the request's body.
pub(crate) fn append_to_request_body(back: &[u8]) -> Result<()> {
    // SAFETY: the slice is valid for the call; the host copies it.
    checked(unsafe { proxy_set_buffer_bytes(REQUEST_BODY, ALL, 0, back.as_ptr(), back.len()) })
}

/// Replaces so many bytes at the front of what is buffered of the request's body.
pub(crate) fn replace_front_of_request_body(size: usize, front: &[u8]) -> Result<()> {
    // SAFETY: the slice is valid for the call; the host copies it.
    checked(unsafe { proxy_set_buffer_bytes(REQUEST_BODY, 0, size, front.as_ptr(), front.len()) })
}

/// All request headers, as the ABI serializes them: see [`crate::headers::Headers`]. Every request
/// has some, so it is an error if the host knows of none.
pub(crate) fn request_headers() -> Result<Vec<u8>> {
    // SAFETY: both pointers are valid for the call.
    let headers = bytes(|data, size| unsafe { proxy_get_header_map_pairs(REQUEST_HEADERS, data, size) })?;
    if headers.is_empty() { Err(Refused(NOT_FOUND)) } else { Ok(headers) }
}

/// The status of the response.
pub(crate) fn response_status() -> Result<u16> {
    let name = ":status";
    // SAFETY: all pointers are valid for the call.
    let status = bytes(|data, size| unsafe {
        proxy_get_header_map_value(RESPONSE_HEADERS, name.as_ptr(), name.len(), data, size)
    })?;
    std::str::from_utf8(&status).ok().and_then(|status| status.parse().ok()).ok_or(Refused(NOT_FOUND))
}

/// Sets a request header.
pub(crate) fn set_request_header(name: &str, value: &[u8]) -> Result<()> {
    set_header(REQUEST_HEADERS, name, value)
}

/// Sets a response header.
pub(crate) fn set_response_header(name: &str, value: &[u8]) -> Result<()> {
    set_header(RESPONSE_HEADERS, name, value)
}

fn set_header(map: u32, name: &str, value: &[u8]) -> Result<()> {
    // SAFETY: both slices are valid for the call; the host copies them.
    checked(unsafe {
        proxy_replace_header_map_value(map, name.as_ptr(), name.len(), value.as_ptr(), value.len())
    })
}

/// Removes a request header.
pub(crate) fn remove_request_header(name: &str) -> Result<()> {
    // SAFETY: the slice is valid for the call.
    checked(unsafe { proxy_remove_header_map_value(REQUEST_HEADERS, name.as_ptr(), name.len()) })
}

/// A property such as `["xds", "route_name"]`; empty if there is none.
pub(crate) fn property(path: &[&str]) -> Result<Vec<u8>> {
    let path = path.join("\0");
    // SAFETY: all pointers are valid for the call.
    bytes(|data, size| unsafe { proxy_get_property(path.as_ptr(), path.len(), data, size) })
}

/// Sets a property: filter state `wasm.{name}`.
pub(crate) fn set_property(name: &str, value: &[u8]) -> Result<()> {
    // SAFETY: both slices are valid for the call; the host copies them.
    checked(unsafe { proxy_set_property(name.as_ptr(), name.len(), value.as_ptr(), value.len()) })
}

/// Answers the request. `details` is what `%RESPONSE_CODE_DETAILS%` shows.
pub(crate) fn send_local_response(
    status: u16,
    details: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<()> {
    let headers = crate::headers::serialize(headers);
    // SAFETY: all slices are valid for the call; the host copies them.
    checked(unsafe {
        proxy_send_local_response(
            status.into(),
            details.as_ptr(),
            details.len(),
            body.as_ptr(),
            body.len(),
            headers.as_ptr(),
            headers.len(),
            -1,
        )
    })
}

/// Has the route chosen anew, from the headers as they are now.
pub(crate) fn clear_route_cache() -> Result<()> {
    let name = "clear_route_cache";
    // SAFETY: all pointers are valid for the call.
    bytes(|results, size| unsafe {
        proxy_call_foreign_function(name.as_ptr(), name.len(), ptr::null(), 0, results, size)
    })
    .map(|_| ())
}

/// The kinds of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetricKind {
    Counter = 0,
    Gauge = 1,
    Histogram = 2,
}

/// Defines a metric, or gives the one of that name another id; returns the id.
pub(crate) fn define_metric(kind: MetricKind, name: &str) -> Result<u32> {
    let mut id = 0;
    // SAFETY: the slice and the pointer are valid for the call.
    checked(unsafe { proxy_define_metric(kind as u32, name.as_ptr(), name.len(), &mut id) })?;
    Ok(id)
}

/// Adds to a counter.
pub(crate) fn increment_metric(id: u32, offset: i64) -> Result<()> {
    // SAFETY: no pointers are passed.
    checked(unsafe { proxy_increment_metric(id, offset) })
}

/// Sets a gauge, or adds a sample to a histogram.
pub(crate) fn record_metric(id: u32, value: u64) -> Result<()> {
    // SAFETY: no pointers are passed.
    checked(unsafe { proxy_record_metric(id, value) })
}

/// The time, in nanoseconds since whenever, the same for all workers. It never steps back, as the time of
/// day does when somebody sets the clock, and is never near zero, which stands for long ago.
pub(crate) fn now() -> Result<u64> {
    let mut time: u64 = 0;
    // SAFETY: the pointer is valid for the call.
    checked(unsafe { clock_time_get(MONOTONIC, 1, &mut time) })?;
    Ok(time.saturating_add(YEARS))
}

/// Has the root context called so often; never if the period is zero. A stream may ask for it, too.
pub(crate) fn set_tick_period(milliseconds: u32) -> Result<()> {
    // SAFETY: no pointers are passed.
    checked(unsafe { proxy_set_tick_period_milliseconds(milliseconds) })
}

/// Whose headers and bodies the calls that follow are about.
pub(crate) fn set_effective_context(context: u32) -> Result<()> {
    // SAFETY: no pointers are passed.
    checked(unsafe { proxy_set_effective_context(context) })
}

/// Lets a request go on that was paused.
pub(crate) fn continue_request() -> Result<()> {
    // SAFETY: no pointers are passed.
    checked(unsafe { proxy_continue_stream(REQUEST) })
}

/// Sends a GET request through a cluster and returns the token by which its answer will be known.
///
/// This one goes through the SDK, which keeps account of tokens and panics on an answer that it does
/// not expect. It is called by the root context only, whose calls outlive the streams that wait.
pub(crate) fn call(
    cluster: &str,
    headers: Vec<(&str, &str)>,
    timeout: Duration,
) -> std::result::Result<u32, proxy_wasm::types::Status> {
    proxy_wasm::hostcalls::dispatch_http_call(cluster, headers, None, Vec::new(), timeout)
}

/// The headers of a callout's answer, as the ABI serializes them; empty if there is no answer.
pub(crate) fn callout_headers() -> Result<Vec<u8>> {
    // SAFETY: both pointers are valid for the call.
    bytes(|data, size| unsafe { proxy_get_header_map_pairs(CALLOUT_HEADERS, data, size) })
}

/// The body of a callout's answer.
pub(crate) fn callout_body() -> Result<Vec<u8>> {
    // SAFETY: both pointers are valid for the call.
    bytes(|data, size| unsafe { proxy_get_buffer_bytes(CALLOUT_BODY, 0, ALL, data, size) })
}

/// What the workers of this VM's id share under a key, and the version of it; empty if nothing.
pub(crate) fn shared_data(key: &str) -> Result<(Vec<u8>, u32)> {
    let mut version = 0;
    // SAFETY: all pointers are valid for the call.
    let data = bytes(|data, size| unsafe {
        proxy_get_shared_data(key.as_ptr(), key.len(), data, size, &mut version)
    })?;
    Ok((data, version))
}

/// Shares data with the other workers. With a version that is not zero only if it is still that one.
pub(crate) fn set_shared_data(key: &str, data: &[u8], version: u32) -> Result<()> {
    // SAFETY: both slices are valid for the call; the host copies them.
    checked(unsafe { proxy_set_shared_data(key.as_ptr(), key.len(), data.as_ptr(), data.len(), version) })
}

/// Opens a queue, or finds the one of that name. Whoever opened it last is told of what comes into it.
pub(crate) fn register_shared_queue(name: &str) -> Result<u32> {
    let mut queue = 0;
    // SAFETY: the slice and the pointer are valid for the call.
    checked(unsafe { proxy_register_shared_queue(name.as_ptr(), name.len(), &mut queue) })?;
    Ok(queue)
}

/// Puts something into a queue.
pub(crate) fn enqueue_shared_queue(queue: u32, value: &[u8]) -> Result<()> {
    // SAFETY: the slice is valid for the call; the host copies it.
    checked(unsafe { proxy_enqueue_shared_queue(queue, value.as_ptr(), value.len()) })
}

/// Takes the next thing out of a queue; none if it is empty.
pub(crate) fn dequeue_shared_queue(queue: u32) -> Result<Option<Vec<u8>>> {
    // SAFETY: both pointers are valid for the call.
    match bytes(|data, size| unsafe { proxy_dequeue_shared_queue(queue, data, size) }) {
        Ok(value) => Ok(Some(value)),
        Err(Refused(EMPTY)) => Ok(None),
        Err(refused) => Err(refused),
    }
}
