// Uses /tmp through the standard library, and answers "ok", or fails with the line of the first surprise.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

fn main() {
    let file = Path::new("/tmp/a.txt");
    fs::write(file, "hello, file").unwrap();
    assert_eq!(fs::read_to_string(file).unwrap(), "hello, file");
    OpenOptions::new().append(true).open(file).unwrap().write_all(b"!").unwrap();
    assert_eq!(fs::metadata(file).unwrap().len(), 12);
    assert_eq!(OpenOptions::new().write(true).create_new(true).open(file).unwrap_err().kind(), ErrorKind::AlreadyExists);

    let mut open = OpenOptions::new().read(true).write(true).open(file).unwrap();
    open.seek(SeekFrom::End(-5)).unwrap();
    let mut end = String::new();
    open.read_to_string(&mut end).unwrap();
    assert_eq!(end, "file!");
    open.set_len(5).unwrap();
    open.sync_all().unwrap();
    drop(open);

    fs::create_dir_all("/tmp/one/two").unwrap();
    fs::rename(file, "/tmp/one/two/b.txt").unwrap();
    fs::copy("/tmp/one/two/b.txt", "/tmp/one/c.txt").unwrap();
    fs::hard_link("/tmp/one/c.txt", "/tmp/one/d.txt").unwrap();
    let mut names: Vec<_> = fs::read_dir("/tmp/one").unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["c.txt", "d.txt", "two"]);
    assert_eq!(fs::read("/tmp/one/d.txt").unwrap(), b"hello");
    assert!(fs::remove_dir("/tmp/one").is_err());
    fs::remove_dir_all("/tmp/one").unwrap();
    assert!(!Path::new("/tmp/one").exists());

    assert!(File::open("/tmp/../secret").is_err());
    assert!(File::open("/etc/passwd").is_err());

    print!("Content-Type: text/plain\n\nok");
}
