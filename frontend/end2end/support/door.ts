// The way from a page to the live stream, which can be shut: what the page says waits, and nothing is told.

import { type Page, type WebSocketRoute } from "@playwright/test";

export interface Door {
  shut(): void;
  open(): void;
  /** Ends the socket that is open, as the server does when somebody does not read. */
  cut(): Promise<void>;
}

/** Stands before all sockets that a page opens from now on. */
export async function doorBefore(page: Page): Promise<Door> {
  let passing = Promise.resolve();
  let open = () => {};
  let cut = async () => {};
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const waiting: (string | Buffer)[] = [];
    let server: WebSocketRoute | undefined;
    let gone = false;
    cut = async () => {
      await socket.close({ code: 4408, reason: "too slow" });
      await server?.close();
    };
    socket.onMessage((message) => (server ? server.send(message) : void waiting.push(message)));
    socket.onClose(() => {
      gone = true;
      void server?.close();
    });
    void passing.then(() => {
      // It may have been given up while it waited.
      if (gone) return;
      server = socket.connectToServer();
      server.onMessage((message) => socket.send(message));
      for (const message of waiting) server.send(message);
    });
  });
  return {
    shut: () => {
      passing = new Promise<void>((resolve) => (open = resolve));
    },
    open: () => open(),
    cut: () => cut(),
  };
}

/** Counts the sockets that a page has now. Of a page that is closed nothing is heard: its count stays. */
export function countSockets(page: Page): () => number {
  let open = 0;
  page.on("websocket", (socket) => {
    open += 1;
    socket.on("close", () => (open -= 1));
  });
  return () => open;
}
