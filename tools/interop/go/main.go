// An echo service on gorilla/websocket; what it does is said by the environment (tools/interop/run).
package main

import (
	"bytes"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

var (
	delay      = time.Duration(number("ECHO_SLOW_MS")) * time.Millisecond
	poison     = []byte(os.Getenv("ECHO_POISON"))
	poisonCode = number("ECHO_POISON_CODE")
	refuseCode = number("ECHO_REFUSE_CODE")
	closeCode  = number("ECHO_CLOSE_CODE")
	reason     = os.Getenv("ECHO_REASON")
	accounts   = os.Getenv("ECHO_ACCOUNT") == "on"
	replies    = os.Getenv("ECHO_REPLY") != "none"
	pong       = os.Getenv("ECHO_PONG")
	upgrader   = websocket.Upgrader{EnableCompression: true, CheckOrigin: func(*http.Request) bool { return true }}
)

func number(name string) int {
	n, _ := strconv.Atoi(os.Getenv(name))
	return n
}

func account(line string) {
	if accounts {
		os.Stdout.WriteString(line + "\n")
	}
}

func closeWith(conn *websocket.Conn, code int) {
	deadline := time.Now().Add(time.Second)
	conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), deadline)
	// What the peer has sent is read, or the end would be a reset that overtakes the close frame.
	conn.SetReadDeadline(deadline)
	for {
		if _, _, err := conn.NextReader(); err != nil {
			return
		}
	}
}

func answerPings(conn *websocket.Conn) {
	payload := ""
	switch pong {
	case "", "auto":
		return
	case "none":
		conn.SetPingHandler(func(string) error { return nil })
		return
	case "other":
		payload = "pong"
	}
	conn.SetPingHandler(func(string) error {
		return conn.WriteControl(websocket.PongMessage, []byte(payload), time.Now().Add(time.Second))
	})
}

func serve(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	account("open")
	answerPings(conn)
	if closeCode != 0 {
		closeWith(conn, closeCode)
		return
	}
	for {
		kind, body, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if refuseCode != 0 {
			closeWith(conn, refuseCode)
			return
		}
		time.Sleep(delay)
		if len(poison) > 0 && bytes.Contains(body, poison) {
			if poisonCode == 0 {
				panic("poison")
			}
			closeWith(conn, poisonCode)
			return
		}
		account("handled " + string(body[:min(len(body), 12)]))
		if replies {
			if err := conn.WriteMessage(kind, body); err != nil {
				return
			}
		}
	}
}

func main() {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", number("ECHO_PORT")))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("port %d\n", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, http.HandlerFunc(serve)))
}
