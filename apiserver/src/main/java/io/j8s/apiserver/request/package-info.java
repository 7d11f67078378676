/// What a request says before anything is done with it: its path, query and headers, understood.
@NullMarked
package io.j8s.apiserver.request;

import org.jspecify.annotations.NullMarked;
