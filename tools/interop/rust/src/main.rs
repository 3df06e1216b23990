//! An echo service on tungstenite; what it does is said by the environment (tools/interop/run).
use std::env;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::CloseFrame;
use tungstenite::{accept, Error, Message, WebSocket};

struct Behaviour {
    delay: Duration,
    poison: Vec<u8>,
    poison_code: u16,
    refuse_code: u16,
    close_code: u16,
    reason: String,
    accounts: bool,
    replies: bool,
}

fn text(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn number(name: &str) -> u64 {
    text(name).parse().unwrap_or(0)
}

impl Behaviour {
    fn of_environment() -> Self {
        Behaviour {
            delay: Duration::from_millis(number("ECHO_SLOW_MS")),
            poison: text("ECHO_POISON").into_bytes(),
            poison_code: number("ECHO_POISON_CODE") as u16,
            refuse_code: number("ECHO_REFUSE_CODE") as u16,
            close_code: number("ECHO_CLOSE_CODE") as u16,
            reason: text("ECHO_REASON"),
            accounts: text("ECHO_ACCOUNT") == "on",
            replies: text("ECHO_REPLY") != "none",
        }
    }

    fn account(&self, line: &[u8]) {
        if self.accounts {
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(&[line, b"\n"].concat());
            let _ = out.flush();
        }
    }

    fn is_poison(&self, body: &[u8]) -> bool {
        let marker = &self.poison;
        !marker.is_empty() && body.windows(marker.len()).any(|part| part == marker)
    }

    fn close(&self, socket: &mut WebSocket<TcpStream>, code: u16) -> Result<(), Error> {
        socket.close(Some(CloseFrame {
            code: CloseCode::from(code),
            reason: self.reason.as_str().into(),
        }))?;
        loop {
            socket.read()?; // until the other side has closed too
        }
    }

    fn serve(&self, stream: TcpStream) -> Result<(), Error> {
        stream.set_nodelay(true)?;
        let mut socket = match accept(stream) {
            Ok(socket) => socket,
            Err(_) => return Ok(()),
        };
        self.account(b"open");
        if self.close_code != 0 {
            return self.close(&mut socket, self.close_code);
        }
        loop {
            let message = socket.read()?; // which answers pings and closes
            let body = match &message {
                Message::Text(text) => text.as_bytes(),
                Message::Binary(bytes) => bytes.as_ref(),
                _ => continue,
            };
            if self.refuse_code != 0 {
                return self.close(&mut socket, self.refuse_code);
            }
            thread::sleep(self.delay);
            if self.is_poison(body) {
                if self.poison_code == 0 {
                    panic!("poison");
                }
                return self.close(&mut socket, self.poison_code);
            }
            self.account(&[b"handled ", &body[..body.len().min(12)]].concat());
            if self.replies {
                socket.send(message)?;
            }
        }
    }
}

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", number("ECHO_PORT") as u16))?;
    println!("port {}", listener.local_addr()?.port());
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || Behaviour::of_environment().serve(stream));
    }
    Ok(())
}
