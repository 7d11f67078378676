/// The one way by which components reach the API, in this process or over HTTPS, and what is built on it: informers, work queues, leader election, kubeconfig.
@NullMarked
package io.j8s.client;

import org.jspecify.annotations.NullMarked;
