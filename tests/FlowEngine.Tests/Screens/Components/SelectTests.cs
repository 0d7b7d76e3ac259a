namespace FlowEngine.Tests.Screens.Components;

/// <summary>Options that stand in the flow, and options of the data.</summary>
public sealed class SelectTests
{
    private const string Dynamic = """{ "type": "Select", "name": "c", "required": true, "options": "{{client.list}}" }""";

    [Theory]
    [InlineData("""["a", "b"]""", "b", "")]
    [InlineData("""["a", "b"]""", "c", "c input.option")]
    [InlineData("""[{ "value": "de", "label": "Germany" }]""", "de", "")]
    [InlineData("""[{ "value": "de", "label": "Germany" }]""", "Germany", "c input.option")]
    [InlineData("[1, 2]", "2", "")]
    [InlineData("[]", "a", "c input.option")]
    [InlineData("[]", "", "c input.required")]
    [InlineData("""[["a"], {}, null, { "value": ["a"] }]""", "a", "c input.option")]
    public async Task Submit_WithOptionsOfTheData_TakesWhatWasShownAndNothingElse(string list, string chosen, string problems)
    {
        var run = await ScreenFlow.StartAsync(Dynamic, $$"""{ "list": {{list}} }""");
        Assert.Equal(problems, await ScreenFlow.SubmitAsync(run, $$"""{ "c": "{{chosen}}" }"""));
    }

    [Fact]
    public async Task View_WithOptionsOfTheData_ShowsThem_EachOnce_AndNotTooMany()
    {
        var run = await ScreenFlow.StartAsync(Dynamic, """{ "list": ["a", { "value": "b", "label": "Bee" }, "a"] }""");
        Assert.Equal("""[{"value":"a","text":"a"},{"value":"b","text":"Bee"}]""", ScreenFlow.View(run)[0].Get("options").ToJson());
        var many = string.Join(",", Enumerable.Range(0, 600));
        run = await ScreenFlow.StartAsync(Dynamic, $$"""{ "list": [{{many}}] }""");
        ScreenFlow.View(run)[0].Get("options").TryGetArray(out var options);
        Assert.Equal(500, options!.Count);
        Assert.Equal("c input.option", await ScreenFlow.SubmitAsync(run, """{ "c": "599" }"""));
    }

    [Theory]
    [InlineData("\"fixed\"", "flow.value /screens/0/components/0/options")]
    [InlineData("[]", "flow.required /screens/0/components/0/options")]
    [InlineData("7", "flow.type /screens/0/components/0/options")]
    [InlineData("[7]", "flow.type /screens/0/components/0/options/0")]
    [InlineData("[{}]", "flow.required /screens/0/components/0/options/0/value")]
    [InlineData("\"{{client.lost}}\"", "path.unknown /screens/0/components/0/options")]
    public void Compile_OptionsThatAreNone_AreRefused(string options, string problem) =>
        Assert.Contains(problem, ScreenFlow.Problems($$"""{ "type": "Select", "name": "c", "options": {{options}} }"""));
}
