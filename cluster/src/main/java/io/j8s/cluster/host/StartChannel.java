package io.j8s.cluster.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a server that was started in the background tells the command that waits for it how far it is: lines over a Unix socket whose path is in the
/// environment variable [#VARIABLE]. The socket ends with either side, so neither ever waits for a dead one.
public final class StartChannel implements AutoCloseable {
    public static final String VARIABLE = "J8S_START_SOCKET";
    private final ServerSocketChannel server;
    private final Path path;
    private volatile String reason = "the server said nothing";
    private volatile @Nullable Reader reader;

    private StartChannel(ServerSocketChannel server, Path path) {
        this.server = server;
        this.path = path;
    }

    /// What the server says.
    public sealed interface Message {
        /// It begins this step.
        record Step(String text) implements Message {}

        /// It serves.
        record Ready(String text) implements Message {}

        /// It could not start.
        record Failed(String kind, String cause, String nextStep) implements Message {}
    }

    /// For the side that waits.
    public static StartChannel listen(Path path) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        return new StartChannel(server, path);
    }

    /// Waits for the server to connect; closing this channel from another thread ends the wait with an exception.
    public Reader accept() throws IOException {
        Reader accepted = new Reader(server.accept());
        reader = accepted;
        return accepted;
    }

    /// Ends the wait from another thread, because the server's process is gone: what it said before is still read.
    public void serverEnded(String why) throws IOException {
        reason = why;
        server.close();
    }

    /// Ends the wait from another thread, whatever may still come.
    public void giveUp(String why) throws IOException {
        reason = why;
        server.close();
        Reader open = reader;
        if (open != null) {
            open.close();
        }
    }

    /// Why the wait was given up.
    public String reason() {
        return reason;
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }

    /// What the waiting side reads from.
    public static final class Reader implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader lines;

        Reader(SocketChannel channel) {
            this.channel = channel;
            this.lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        }

        /// The next message; null when the server is gone or will say no more.
        public @Nullable Message next() throws IOException {
            String line = lines.readLine();
            if (line == null) {
                return null;
            }
            String[] fields = line.split("\t", -1);
            return switch (fields[0]) {
                case "ready" -> new Message.Ready(fields[1]);
                case "failed" -> new Message.Failed(fields[1], fields[2], fields[3]);
                default -> new Message.Step(fields[1]);
            };
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// For the server: where to tell, or null when nobody waits.
    public static @Nullable Writer connect(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            return null;
        }
        try {
            return new Writer(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        } catch (IOException e) {
            return null; // nobody waits any more
        }
    }

    /// What the server writes to. Losing the reader is no error.
    public static final class Writer implements AutoCloseable {
        private final SocketChannel channel;

        Writer(SocketChannel channel) {
            this.channel = channel;
        }

        public void send(Message message) {
            String line = switch (message) {
                case Message.Step step -> "step\t" + clean(step.text());
                case Message.Ready ready -> "ready\t" + clean(ready.text());
                case Message.Failed failed -> "failed\t" + failed.kind() + "\t" + clean(failed.cause()) + "\t" + clean(failed.nextStep());
            };
            try {
                ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                // nobody waits any more: the server goes on
            }
        }

        private static String clean(String text) {
            return text.replace('\t', ' ').replace('\n', ' ');
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // it is gone either way
            }
        }
    }
}
