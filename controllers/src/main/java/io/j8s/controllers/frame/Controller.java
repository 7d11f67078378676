package io.j8s.controllers.frame;

/// One control loop.
///
/// The constructor asks for informers, indexes and handlers and starts nothing; [#start] is called once all informers have synced; [#close] stops everything that was
/// started and waits for its end. A closed controller is not started again.
public interface Controller extends AutoCloseable {

    void start();

    @Override
    void close();
}
