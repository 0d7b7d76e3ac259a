using System.Diagnostics;
using FlowEngine.Errors;
using FlowEngine.Scripting;

namespace FlowEngine.Tests.Scripting;

/// <summary>Whatever a script does, it ends within its limits, with a result or as failed.</summary>
[Collection(Alone.Name)]
public sealed class ScriptBudgetPropertyTests
{
    /// <summary>What a script may allocate beyond 32 MB: what stands between two looks at the limits.</summary>
    private const long MaxAllocated = 160_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_GeneratedScripts_EndWithinTheLimits(int seed)
    {
        for (var i = 0; i < 40; i++)
        {
            var code = new ScriptGenerator((seed * 1000) + i).Next();
            if (ScriptCompiler.CompileBody(code, [], SourceLocation.Root(null), new DiagnosticBag()) is not { } program)
                continue;
            // A thread's own clock and own count: what others do on the machine is not this script's.
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            var result = program.Run([], TimeProvider.System, default);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxAllocated, $"{allocated} bytes: seed {seed}, script {i}\n{code}");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}: seed {seed}, script {i}\n{code}");
            Assert.True(
                result.Problem is null || result.Problem.Code.StartsWith("script.", StringComparison.Ordinal),
                result.Problem?.Message
            );
        }
    }
}
