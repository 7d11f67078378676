/// The resources of the API group `flowcontrol.apiserver.k8s.io`, each declared in a file of its own; [FlowcontrolGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.flowcontrol;

import org.jspecify.annotations.NullMarked;
