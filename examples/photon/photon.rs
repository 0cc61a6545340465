//! What the platform offers beside WASI: see executor/GUEST.md. Use it as a module: `#[path = "../photon/photon.rs"] mod photon;`
#![allow(dead_code)]

mod imports {
    #[link(wasm_import_module = "photon")]
    extern "C" {
        pub fn log(level: i32, text: *const u8, length: usize);
        pub fn deadline() -> i64;
        pub fn fetch(head: *const u8, head_length: usize, body: *const u8, body_length: usize) -> i32;
        pub fn fetch_head(buffer: *mut u8, limit: usize) -> usize;
        pub fn fetch_body(buffer: *mut u8, limit: usize) -> usize;
        pub fn emit(head: *const u8, head_length: usize, data: *const u8, data_length: usize) -> i32;
    }
}

pub enum Level {
    Debug = -1,
    Info = 0,
    Warn = 1,
    Error = 2,
}

/// One line of the function's log.
pub fn log(level: Level, text: &str) {
    unsafe { imports::log(level as i32, text.as_ptr(), text.len()) }
}

/// Milliseconds until this run is stopped.
pub fn deadline() -> i64 {
    unsafe { imports::deadline() }
}

pub struct Answer {
    pub status: i32,
    /// Header lines, each ended by a line feed.
    pub head: String,
    pub body: Vec<u8>,
}

/// Calls out, and waits for the whole answer; otherwise tells why there is none.
pub fn fetch(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, String> {
    let mut head = format!("{} {}\n", method, url);
    for (name, value) in headers {
        head.push_str(&format!("{}: {}\n", name, value));
    }
    let status = unsafe { imports::fetch(head.as_ptr(), head.len(), body.as_ptr(), body.len()) };
    if status < 0 {
        return Err(answer_head());
    }
    let mut received = Vec::new();
    let mut piece = [0; 8192];
    loop {
        match unsafe { imports::fetch_body(piece.as_mut_ptr(), piece.len()) } {
            0 => return Ok(Answer { status, head: answer_head(), body: received }),
            length => received.extend_from_slice(&piece[..length]),
        }
    }
}

/// Has an event published once this run has ended well. Fields are `ce-type`, `kafka-key`, `content-type` and the like.
/// Otherwise a negative number; the log says why.
pub fn emit(topic: &str, fields: &[(&str, &str)], data: &[u8]) -> Result<(), i32> {
    let mut head = format!("{}\n", topic);
    for (name, value) in fields {
        head.push_str(&format!("{}: {}\n", name, value));
    }
    match unsafe { imports::emit(head.as_ptr(), head.len(), data.as_ptr(), data.len()) } {
        0 => Ok(()),
        number => Err(number),
    }
}

fn answer_head() -> String {
    let mut head = vec![0; unsafe { imports::fetch_head(std::ptr::null_mut(), 0) }];
    unsafe { imports::fetch_head(head.as_mut_ptr(), head.len()) };
    String::from_utf8_lossy(&head).into_owned()
}
