/// Every built-in resource, each declared in a file of its own; [Resources] lists them all.
@NullMarked
package io.j8s.apiserver.resources;

import org.jspecify.annotations.NullMarked;
