using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Schema;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Screens;

/// <summary>Components describe themselves: the engine's own, and those that others bring.</summary>
public sealed class ComponentCatalogTests
{
    private static readonly ComponentCatalog WithStars = new(ComponentType.Of<Stars>());

    public static TheoryData<string> BuiltIn => [.. ComponentCatalog.BuiltIn.Types.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Type_WhatItSaysOfItself_Holds(string name)
    {
        var type = ComponentCatalog.BuiltIn.Find(name)!;
        Assert.True(type.Record.IsSealed);
        Assert.NotEqual("", type.Description);
        Assert.NotNull(type.Icon);

        // What a new one has is all that it needs.
        type.New.TryGetObject(out var settings);
        var result = Compile(ComponentCatalog.BuiltIn, FlowValue.From(settings!.With("type", FlowValue.From(name))).ToJson());
        Assert.DoesNotContain(result.Diagnostics, problem => problem.Pointer.Contains("components", StringComparison.Ordinal));
        var component = result.Plan!.Screens.Single().Components[0];
        Assert.Same(type, component.Type);
        Assert.Equal(component is InteractionComponent, component is InteractionComponent { Id.Length: > 0 });
        if (!type.Sample.IsMissing)
            Assert.Null(((InputComponent)component).Accept(type.Sample, out _));
    }

    [Fact]
    public void Catalog_TwoTypesOfOneName_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new ComponentCatalog(ComponentType.Of<Stars>(), ComponentType.Of<Stars>()));

    [Theory]
    [InlineData("""{ "type": "Sters", "name": "s" }""", "flow.value", "Did you mean 'Stars'?")]
    [InlineData("""{ "type": 4 }""", "flow.type", null)]
    [InlineData("""{ "text": "x" }""", "flow.required", null)]
    [InlineData("""{ "type": "Stars", "name": "s", "most": 11 }""", "flow.range", null)]
    [InlineData("""{ "type": "Stars", "name": "s", "must": 5 }""", "flow.unknown_setting", null)]
    [InlineData("""{ "type": "Stars" }""", "flow.required", null)]
    [InlineData("""{ "type": "Stars", "name": "a b" }""", "flow.required", null)]
    public void Compile_AComponentThatIsWrong_IsToldAtItsPlace(string component, string code, string? advice)
    {
        var problem = Assert.Single(
            Compile(WithStars, component).Diagnostics,
            problem => problem.Pointer.StartsWith("/screens/0/components/0", StringComparison.Ordinal)
        );
        Assert.Equal(code, problem.Code);
        if (advice is not null)
            Assert.Equal(advice, problem.Advice);
    }

    /// <summary>A file of before may have a setting that only other components use, or a look that only another has: it had no effect, and
    /// has none.</summary>
    [Theory]
    [InlineData("""{ "type": "Text", "text": "x", "required": true, "variant": "primary" }""")]
    [InlineData("""{ "type": "Button", "id": "other", "variant": "title", "placeholder": "x" }""")]
    [InlineData("""{ "type": "Checkbox", "name": "c", "text": "x", "pattern": "y" }""")]
    [InlineData("""{ "type": "PasswordInput", "name": "p", "default": "x" }""")]
    public void Compile_ASettingOfAnotherComponent_IsNoProblem(string component) =>
        Assert.DoesNotContain(
            Compile(ComponentCatalog.BuiltIn, component).Diagnostics,
            problem => problem.Pointer.Contains("components", StringComparison.Ordinal)
        );

    [Fact]
    public async Task Submit_AComponentOfSomebodyElse_IsCheckedByIt()
    {
        var run = FlowRun.Start(
            Compile(WithStars, """{ "type": "Stars", "name": "s", "label": "Stars", "most": 3 }""").Plan!,
            new RunStart(),
            RunServices.Default
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        var refusal = await SubmitAsync(run, """{ "s": 4 }""");
        Assert.Equal(("screen.input", "Stars: at most 3."), (refusal!.Code, refusal.Message));
        Assert.Equal("""[{"name":"s","code":"stars.most","values":{"most":3}}]""", InputProblem.ToValue(run.InputProblems).ToJson());
        Assert.Equal("{{label}}: at most {{most}}.", WithStars.SentenceOf("Stars", "stars.most"));
        Assert.Equal(InputErrors.Required.Meaning, WithStars.SentenceOf("Stars", InputErrors.Required.Code));
        Assert.Equal(
            """{"type":"Stars","name":"s","label":"Stars","required":false,"most":3}""",
            ScreenView.Of(run, ValueEncoder.None).Get("components").Get(0).ToJson()
        );

        Assert.Null(await SubmitAsync(run, """{ "s": "2" }"""));
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    [Fact]
    public void Schemas_HaveAComponentOfSomebodyElse()
    {
        var schema = FlowValue.Parse(FlowSchema.Generate(new ActivityCatalog(), WithStars)).Get("$defs").Get("component");
        Assert.Contains("Stars", schema.Get("properties").Get("type").Get("enum").ToJson(), StringComparison.Ordinal);
        Assert.Equal(10, schema.Get("properties").Get("most").Get("maximum").TryGetInteger(out var most) ? most : 0);
        Assert.Equal(2, schema.Get("properties").Get("variant").Get("anyOf").TryGetArray(out var looks) ? looks.Count : 0);

        DesignerSchema.Of(new ActivityCatalog(), WithStars, []).Get("components").TryGetArray(out var components);
        var stars = components!.Single(component => component.Get("type") == FlowValue.From("Stars"));
        Assert.Equal("line", stars.Get("input").ToText());
        Assert.Equal("""{"name":"stars"}""", stars.Get("new").ToJson());
        Assert.Contains("\"most\"", stars.Get("settings").ToJson(), StringComparison.Ordinal);
        var button = components!.Single(component => component.Get("takesEnter") == FlowValue.True);
        Assert.Equal((FlowValue.True, FlowValue.Missing), (button.Get("interaction"), button.Get("input")));
    }

    [Fact]
    public async Task State_ARefusedSubmission_KeepsWhatIsWrong()
    {
        var plan = Compile(ComponentCatalog.BuiltIn, """{ "type": "TextInput", "name": "a", "minLength": 3 }""").Plan!;
        var run = FlowRun.Start(plan, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        await SubmitAsync(run, """{ "a": "x" }""");

        var loaded = RunState.Load(RunState.Save(run), plan, RunServices.Default);
        Assert.Equal(run.ErrorText, loaded.ErrorText);
        Assert.Equal(
            """[{"name":"a","code":"input.min_length","values":{"count":3}}]""",
            InputProblem.ToValue(loaded.InputProblems).ToJson()
        );

        await SubmitAsync(loaded, """{ "a": "xyz" }""");
        Assert.Empty(loaded.InputProblems);
    }

    private static async Task<FlowError?> SubmitAsync(FlowRun run, string form) =>
        await FlowExecutor.SubmitAsync(run, new ScreenSubmission("go", FlowValue.Parse(form)), TestContext.Current.CancellationToken);

    private static CompilationResult Compile(ComponentCatalog components, string component)
    {
        var own = FlowValue.Parse(component).Get("id").ToText();
        var more = own.Length == 0 ? "" : $$""", { "source": "s", "port": "{{own}}", "target": "e" }""";
        return FlowCompiler.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "t", "start": "s", "activities": [ { "id": "s", "type": "Screen", "screen": "s" }, { "id": "e", "type": "End" } ],
                  "connections": [ { "source": "s", "port": "go", "target": "e" } {{more}} ],
                  "screens": [ { "id": "s", "components": [ {{component}}, { "type": "Button", "id": "go" } ] } ] }
                """
            ),
            new CompilationEnvironment { Components = components }
        );
    }

    [Component("Stars", "So many stars.", Icon = "star", New = """{ "name": "stars" }""")]
    private sealed record Stars : InputComponent
    {
        private static readonly ErrorCode TooMany = new("stars.most", "{{label}}: at most {{most}}.", "Give fewer.");

        [Setting("The most stars.", Minimum = 1, Maximum = 10)]
        public int Most { get; init; } = 5;

        public override IReadOnlyList<ErrorCode> Problems => [TooMany];

        public override InputProblem? Accept(FlowValue given, out FlowValue taken)
        {
            taken = given;
            if (given.IsNothing)
                return Required ? Problem(InputErrors.Required) : null;
            return int.TryParse(given.ToText(), out var stars) && stars <= Most
                ? null
                : new InputProblem(Name, TooMany.Code, FlowObject.Empty.With("most", FlowValue.From(Most)));
        }

        protected internal override void Show(ComponentView view)
        {
            ShowName(view);
            ShowTraits(view);
            view.Set("most", FlowValue.From(Most));
        }
    }
}
