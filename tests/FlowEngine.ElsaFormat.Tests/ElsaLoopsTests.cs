using CsCheck;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>Export warns of loops that Elsa's default flowchart refuses.</summary>
public sealed class ElsaLoopsTests
{
    [Theory]
    [InlineData("a>b b>c c>b", "")]
    [InlineData("a>a", "")]
    [InlineData("a>b a>c b>c c>b", "/connections/3")]
    [InlineData("a>b a>c b>d c>d d>a", "")]
    [InlineData("a>b a>c b>d d>e e>b c>d", "/connections/4")]
    [InlineData("a>b x>y y>x x>b b>y", "")]
    [InlineData("a>b b>nobody nobody>a", "")]
    [InlineData("z>b", "")]
    public void Write_LoopThatIsEnteredTwice_IsWarnedOf(string connections, string expected)
    {
        var problems = new DiagnosticBag();
        ElsaWriter.Write(Flow(connections.Split(' ')), 1, problems);
        Assert.Equal(expected, string.Join(' ', problems.Items.Select(problem => problem.Pointer)));
        Assert.All(problems.Items, problem => Assert.Equal(("elsa.irreducible_loop", Severity.Warning), (problem.Code, problem.Severity)));
    }

    [Fact]
    public void Write_TwoScreensThatLeadToEachOther_IsWarnedOfByName()
    {
        var problems = new DiagnosticBag();
        ElsaWriter.Write(Flow(["a>b", "a>c", "b>c", "c>b"]), 1, problems);
        Assert.StartsWith("'c' leads back to 'b' by 'p3'", Assert.Single(problems.Items).Message, StringComparison.Ordinal);
    }

    /// <summary>Against the meaning of the word: without the target, is the source still reached?</summary>
    [Fact]
    public void Write_AnyFlow_IsWarnedOfByTheMeaningOfDominance() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6])
            .Array[0, 14]
            .Sample(edges =>
            {
                var connections = edges.Select(edge => $"{(char)('a' + edge.Item1)}>{(char)('a' + edge.Item2)}").ToArray();
                var problems = new DiagnosticBag();
                ElsaWriter.Write(Flow(connections), 1, problems);
                foreach (var problem in problems.Items)
                {
                    var bad = connections[int.Parse(problem.Pointer["/connections/".Length..], null)];
                    Assert.Contains(bad[0], Reached(connections, without: bad[2]));
                }

                // Without a warning every loop is entered at one place: taking the connections back away leaves no loop.
                if (problems.Items.Count > 0)
                    return;
                var left = connections.Where(edge => Reached(connections, ' ').Contains(edge[0]) && !IsBack(connections, edge)).ToArray();
                Assert.DoesNotContain(left, edge => Reached(left, ' ', edge[2]).Contains(edge[0]));
            });

    [Fact]
    public void Write_LongLoop_IsNotWarnedOf()
    {
        var connections = Enumerable.Range(0, 9_000).Select(i => $"n{i}>n{i + 1}").Append("n9000>n0").ToArray();
        var problems = new DiagnosticBag();
        ElsaWriter.Write(Flow(connections), 1, problems);
        Assert.Empty(problems.Items);
    }

    /// <summary>A chain from whose end all of it is reached again, and from both ends of which others are: whoever walks from an activity
    /// up to what dominates it walks the chain each time.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(8_000)]
    public void Check_FlowThatIsMadeToBeSlow_TakesStepsInProportionToItsSize(int length)
    {
        var chain = Enumerable.Range(0, length).Select(i => $"n{i}>n{i + 1}");
        var back = Enumerable.Range(0, length).Select(i => $"n{length}>n{i}");
        var others = Enumerable.Range(0, length).SelectMany(i => new[] { $"n{length}>t{i}", $"n{i}>t{i}", $"t{i}>n{length - i}" });
        string[] connections = [.. chain, .. back, .. others];
        var problems = new DiagnosticBag();
        var steps = ElsaLoops.Check(Flow(connections), problems);
        Assert.NotEmpty(problems.Items);
        Assert.InRange(steps, connections.Length, 8 * connections.Length);
    }

    private static bool IsBack(string[] connections, string edge) => !Reached(connections, without: edge[2]).Contains(edge[0]);

    private static HashSet<char> Reached(string[] connections, char without, char start = 'a')
    {
        var reached = new HashSet<char>();
        if (start != without)
            reached.Add(start);
        for (var count = -1; count != reached.Count; )
        {
            count = reached.Count;
            foreach (var edge in connections.Where(edge => reached.Contains(edge[0]) && edge[2] != without))
                reached.Add(edge[2]);
        }
        return reached;
    }

    private static FlowDefinition Flow(string[] connections)
    {
        var ends = connections.Select(connection => connection.Split('>')).ToList();
        var ids = ends.SelectMany(pair => pair).Append("a").Where(id => id != "nobody").Distinct().Order(StringComparer.Ordinal).ToList();
        var start = ids.Contains("n0") ? "n0" : "a";
        return Corpus.Read(
            FlowValue.Object(
                ("id", FlowValue.From("f")),
                ("name", FlowValue.From("f")),
                ("start", FlowValue.From(start)),
                (
                    "activities",
                    FlowValue.Array(ids.Select(id => FlowValue.Object(("id", FlowValue.From(id)), ("type", FlowValue.From("X")))))
                ),
                (
                    "connections",
                    FlowValue.Array(
                        ends.Select(
                            (pair, i) =>
                                FlowValue.Object(
                                    ("source", FlowValue.From(pair[0])),
                                    ("port", FlowValue.From($"p{i}")),
                                    ("target", FlowValue.From(pair[1]))
                                )
                        )
                    )
                )
            )
        );
    }
}
