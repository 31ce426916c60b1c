//! Random bytes of the kernel.

use rustix::rand::{GetRandomFlags, getrandom};

/// Fills the buffer; false where the kernel gives none. Waits until the kernel's generator is seeded, early in a boot.
pub fn fill(buffer: &mut [u8]) -> bool {
    let mut done = 0;
    while done < buffer.len() {
        match getrandom(&mut buffer[done..], GetRandomFlags::empty()) {
            Ok(got) if got > 0 => done += got,
            Err(rustix::io::Errno::INTR) => {}
            Ok(_) | Err(_) => return false,
        }
    }
    true
}
