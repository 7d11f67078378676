/// What j8s is on its host: the data directory with its lock, processes and ports of others, packages, systemd.
@NullMarked
package io.j8s.cluster.host;

import org.jspecify.annotations.NullMarked;
