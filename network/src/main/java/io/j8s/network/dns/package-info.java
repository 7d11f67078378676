/// Cluster DNS: answers for Services, headless endpoints and pods by the DNS-Based Service Discovery specification (schema 1.1.0), and forwards the rest.
///
/// [ClusterZone] is the pure core (names to records), [Responder] turns a query into an answer, [DnsServer] holds the sockets, [Forwarder] asks others.
@NullMarked
package io.j8s.network.dns;

import org.jspecify.annotations.NullMarked;
