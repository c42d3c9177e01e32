package io.quikqueue.domain.usecase.schedule;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Schedule;
import java.util.List;
import java.util.Map;

/**
 * A schedule as it is shown.
 *
 * @param fires its last ones, newest first
 * @param states how their jobs stand that have not ended as far as the fires know
 */
public record ScheduleView(Schedule schedule, List<Fire> fires, Map<JobId, JobState> states) {}
