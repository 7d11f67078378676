/// The process's log in the formats of Kubernetes' components (klog text, and JSON), as the back end of SLF4J.
///
/// As a process has one log, its settings ([LogOptions]) are the one thing in j8s that is set for the process and not for a part of it.
@NullMarked
package io.j8s.runtime.log;

import org.jspecify.annotations.NullMarked;
