/// KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1): read strictly, defaulted, checked, and written back. No I/O.
@NullMarked
package io.j8s.scheduler.config;

import org.jspecify.annotations.NullMarked;
