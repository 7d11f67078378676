package io.j8s.runtime.log;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/// An SLF4J logger that writes to the process's log; key-value pairs of the fluent interface become klog's.
final class KlogLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1;

    KlogLogger(String name) {
        this.name = name;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(Level level, @Nullable Marker marker, @Nullable String message, Object @Nullable [] arguments, @Nullable Throwable error) {
        ProcessLog.instance().write(level, String.valueOf(MessageFormatter.basicArrayFormat(message, arguments)), List.of(), error);
    }

    @Override
    public void log(LoggingEvent event) {
        String message = String.valueOf(MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray()));
        ProcessLog.instance().write(event.getLevel(), message, event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs(), event.getThrowable());
    }

    @Override
    public boolean isTraceEnabled() {
        return ProcessLog.instance().enabled(Level.TRACE, getName());
    }

    @Override
    public boolean isDebugEnabled() {
        return ProcessLog.instance().enabled(Level.DEBUG, getName());
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
