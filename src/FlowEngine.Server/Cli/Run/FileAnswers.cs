using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Testing;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Per run and single-threaded: answers from a file, in order.</summary>
internal sealed class FileAnswers(IReadOnlyList<ScreenAnswer> answers) : AnswerSource
{
    private int _used;

    /// <summary>How many answers were not used.</summary>
    public int Left => answers.Count - _used;

    public override ValueTask<ScreenSubmission?> NextAsync(FlowRun run, CancellationToken cancellationToken)
    {
        if (Left == 0)
            return new((ScreenSubmission?)null);
        Problem = answers[_used].MismatchWith(run);
        return new(Problem is null ? answers[_used++].ToSubmission() : null);
    }
}
