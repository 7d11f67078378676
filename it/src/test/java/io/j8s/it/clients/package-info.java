/// Clients that others wrote, unchanged, against a cluster in this process: client-go, the official Java and Python clients, Helm, the newest kubectl.
/// `bin/clients` builds them.
@NullMarked
package io.j8s.it.clients;

import org.jspecify.annotations.NullMarked;
