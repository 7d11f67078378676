package io.j8s.http;

/// Answers requests. Called on a new virtual thread for each exchange; it may block, and it is interrupted when the
/// client goes away (so it must not itself use interruptible file channels that others share: the interrupt would close them). When it returns without having answered, the edge answers 500; when it throws after the answer began, the edge resets the stream.
@FunctionalInterface
public interface Handler {
    void handle(Exchange exchange) throws Exception;
}
