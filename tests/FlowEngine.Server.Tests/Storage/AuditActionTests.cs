using System.Text.RegularExpressions;
using FlowEngine.Storage;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Storage;

/// <summary>The audit log's words: one list, and a sentence in the console for each.</summary>
public sealed partial class AuditActionTests
{
    [Fact]
    public void Actions_HaveASentenceInTheConsole()
    {
        var sentences = File.ReadAllText(Path.Combine(Repository.Root, "src", "console", "people", "sentence.ts"));
        var known = Sentence().Matches(sentences).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.True(AuditAction.All.Count() >= 19);
        Assert.Superset(AuditAction.All.Select(action => action.Name).ToHashSet(), known);
    }

    [Fact]
    public void Actions_AreNamedOnce()
    {
        Assert.Equal(AuditAction.All.Count(), AuditAction.All.Select(action => action.Name).Distinct().Count());
        Assert.All(AuditAction.All, action => Assert.Matches(@"\A[a-z]+\.[a-z_]+\z", action.Name));
    }

    [GeneratedRegex(@"case '([a-z_.]+)'")]
    private static partial Regex Sentence();
}
