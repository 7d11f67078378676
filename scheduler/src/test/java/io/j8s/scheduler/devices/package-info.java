@NullMarked
package io.j8s.scheduler.devices;

import org.jspecify.annotations.NullMarked;
