package dev.tenantlake.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server, and can make the server go away: connections break, new ones are refused. */
final class TcpRelay implements AutoCloseable {

    private final InetSocketAddress server;
    private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private ServerSocket listener;

    private TcpRelay(InetSocketAddress server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
        this.port = listener.getLocalPort();
        accept(listener);
    }

    static TcpRelay to(String host, int port) throws IOException {
        return new TcpRelay(new InetSocketAddress(host, port), listen(0));
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return socket;
    }

    int port() {
        return port;
    }

    /** The server goes away. */
    synchronized void cut() throws IOException {
        listener.close();
        for (Closeable socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    /** The server is back. */
    synchronized void restore() throws IOException {
        listener = listen(port);
        accept(listener);
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private void accept(ServerSocket from) {
        daemon(() -> {
            while (true) {
                Socket client = from.accept();
                Socket upstream = new Socket();
                sockets.add(client);
                sockets.add(upstream);
                upstream.connect(server);
                daemon(() -> copy(client.getInputStream(), upstream.getOutputStream()));
                daemon(() -> copy(upstream.getInputStream(), client.getOutputStream()));
            }
        });
    }

    private static void copy(InputStream input, OutputStream output) throws IOException {
        try (input;
                output) {
            byte[] buffer = new byte[8192];
            int read = input.read(buffer);
            while (read >= 0) {
                output.write(buffer, 0, read);
                output.flush();
                read = input.read(buffer);
            }
        }
    }

    /** Something that ends when its sockets do. */
    private interface Transfer {
        void run() throws IOException;
    }

    private static void daemon(Transfer transfer) {
        Thread thread = new Thread(
                () -> {
                    try {
                        transfer.run();
                    } catch (IOException e) {
                        // The sockets are closed: that is how this ends.
                        Thread.currentThread().interrupt();
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
