using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Activities;

/// <summary>What a type says of itself is what its activities do, and what cannot be is refused where it is registered.</summary>
public sealed class ActivityTypeTests
{
    [Theory]
    [MemberData(nameof(Corpus.Names), MemberType = typeof(Corpus))]
    public void Description_OfEachActivityOfAFlow_IsWhatTheActivityDoes(string flow)
    {
        var plan = FlowCompiler.Compile(Corpus.Read(Corpus.Flows[flow]), Corpus.Environment).Plan!;

        foreach (var node in plan.Nodes)
        {
            var type = Corpus.Environment.Activities.Find(node.Type)!;
            var written = node.PossibleWrites().SelectMany(writes => writes.Items).Select(item => item.Root).ToHashSet();
            // What the flow that it enters did to what both have, that flow's own activities say.
            if (type.Enters)
                written.IntersectWith([ContextRoot.Connectors, ContextRoot.Scripts, ContextRoot.Form]);
            // So do the branches that stand inside it.
            if (type.Settings.Settings.All(setting => setting.Attribute.Editor != SettingEditors.Activities))
                Assert.Subset(type.Roots.ToHashSet(), written);
            Assert.Equal(node.Outcomes[..node.OwnOutcomes], Described(type, plan, node));
            Assert.Equal(type.Waits, node.Activity.Shows is not null);
            Assert.Equal(type.Ends, node.Activity.Exit is not null);
            Assert.Equal(type.Enters, node.Activity.Enters is not null);
        }
    }

    [Fact]
    public void MayShare_OfTheEnginesTypes_IsAListOfWhatIsAllowed() =>
        Assert.Equal(
            ["Condition", "End", "ForEach", "Parallel", "Scriptlet", "Subflow", "VerifyPassword"],
            new ActivityCatalog().Types.Where(type => type.MayShare).Select(type => type.Name).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Compile_BranchEntersAFlowWithATypeThatSaysNothingOfSharing_IsRefused()
    {
        var quiet = ActivityType.Of<Quiet, NoSettings>((_, _) => new Quiet());
        var inner = FlowValue.Parse(
            """
            { "id": "inner", "start": "q", "activities": [ { "id": "q", "type": "Quiet" }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "q", "port": "Done", "target": "e" } ] }
            """
        );
        var result = FlowCompiler.Compile(
            FlowValue.Parse(
                """
                { "id": "outer", "start": "p", "activities": [
                    { "id": "p", "type": "Parallel", "activities": [ { "id": "s", "type": "Subflow", "flow": "inner" } ] }, { "id": "e", "type": "End" } ],
                  "connections": [ { "source": "p", "port": "Success", "target": "e" } ] }
                """
            ),
            new CompilationEnvironment { Activities = new ActivityCatalog(quiet), FindFlow = _ => (Corpus.Read(inner), 1) }
        );

        var problem = Assert.Single(result.Diagnostics, diagnostic => diagnostic.Code == "flow.parallel");
        Assert.Contains("'q' of type Quiet", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_OptionalOutcomeWithoutAConnection_IsNoProblem()
    {
        var result = FlowCompiler.Compile(
            FlowValue.Parse(
                """
                { "id": "f", "start": "o", "activities": [ { "id": "o", "type": "Optional" }, { "id": "e", "type": "End" } ],
                  "connections": [ { "source": "o", "port": "Yes", "target": "e" } ] }
                """
            ),
            new CompilationEnvironment { Activities = new ActivityCatalog(ActivityType.Of<Optional, NoSettings>((_, _) => new Optional())) }
        );

        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void Of_DescriptionThatCannotBe_IsRefused()
    {
        Assert.Contains("no setting 'nonsense', which the summary names", Refusal<WrongSummary>(), StringComparison.Ordinal);
        Assert.Contains("begins with no root", Refusal<WrongRoot>(), StringComparison.Ordinal);
        Assert.Contains("belong together", Refusal<WrongMembers>(), StringComparison.Ordinal);
        Assert.Contains("neither a name nor a path of SVG", Refusal<WrongIcon>(), StringComparison.Ordinal);
        Assert.Contains("no outcome 'No'", Refusal<WrongOptional>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("engine")]
    [InlineData("=a")]
    [InlineData("a=b=c")]
    public void SettingCondition_OfAnotherForm_IsRefused(string when) =>
        Assert.Throws<ArgumentException>(() => SettingCondition.Of(new SettingAttribute("x") { When = when }));

    private static string Refusal<TActivity>()
        where TActivity : FlowActivity, new() =>
        Assert.Throws<ArgumentException>(() => ActivityType.Of<TActivity, NoSettings>((_, _) => new TActivity())).Message;

    /// <summary>The outcomes, as somebody tells them who knows only the description, the file and what it refers to.</summary>
    private static List<string> Described(ActivityType type, FlowPlan plan, PlanNode node)
    {
        var json = plan.Definition.Activities.Single(activity => activity.Id == node.Id).Json;
        var outcomes = new List<string>(type.Description.Outcomes);
        foreach (var setting in type.Settings.Settings)
        {
            var value = json.Get(setting.Name);
            switch (setting.Outcomes)
            {
                case { Source: OutcomeSource.Elements, Name: var member } when value.TryGetArray(out var items):
                    outcomes.InsertRange(0, items.Select(item => item.Get(member).ToText()));
                    break;
                case { Source: OutcomeSource.Screen }:
                    outcomes = [.. plan.Screens.Single(screen => screen.Id == value.ToText()).Interactions];
                    break;
                case { Source: OutcomeSource.Flow }:
                    outcomes = [.. node.Activity.Enters!.Nodes.Select(inner => inner.Activity.Exit?.Name).OfType<string>().Distinct()];
                    break;
                case { Source: OutcomeSource.Given, Name: var name } when !value.IsNothing:
                    outcomes.Add(name);
                    break;
            }
        }
        return outcomes;
    }

    public sealed class NoSettings;

    public abstract class Idle : FlowActivity
    {
        public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken) => new(Outcome.Success);
    }

    [Activity("Quiet", "Says nothing of itself.")]
    public sealed class Quiet : Idle;

    [Activity("Optional", "For tests.", Outcomes = ["Yes", "No"], OptionalOutcomes = ["No"])]
    public sealed class Optional : Idle;

    [Activity("Wrong", "For tests.", Summary = "{nonsense}")]
    public sealed class WrongSummary : Idle;

    [Activity("Wrong", "For tests.")]
    [Writes("elsewhere.x", "Nothing")]
    public sealed class WrongRoot : Idle;

    [Activity("Wrong", "For tests.")]
    [Writes("scripts.x.*", "Nothing")]
    public sealed class WrongMembers : Idle;

    [Activity("Wrong", "For tests.", Icon = "M0 0\"/><script>")]
    public sealed class WrongIcon : Idle;

    [Activity("Wrong", "For tests.", OptionalOutcomes = ["No"])]
    public sealed class WrongOptional : Idle;
}
