package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs, newest first, each without its payload and result. The store examines a bounded
 * number of rows per page, so a page may hold fewer jobs than asked for, even none, and still have
 * one after it.
 *
 * @param jobs as {@link Job#summary} gives them
 * @param next the cursor of the next page; null = this is the last
 */
public record JobPage(List<Job> jobs, @Nullable JobId next) {}
