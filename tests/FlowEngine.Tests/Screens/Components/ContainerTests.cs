namespace FlowEngine.Tests.Screens.Components;

/// <summary>Components in components.</summary>
public sealed class ContainerTests
{
    [Fact]
    public async Task Submit_InputsInContainers_AreInputsOfTheScreen()
    {
        var run = await ScreenFlow.StartAsync(
            """
            { "type": "Container", "components": [ { "type": "TextInput", "name": "a", "required": true },
              { "type": "Container", "direction": "column", "components": [ { "type": "EmailInput", "name": "b" } ] } ] }
            """
        );
        Assert.Equal(["3", "1"], ScreenFlow.View(run).Select(one => one.Get("holds").ToText()).Where(holds => holds.Length > 0));
        Assert.Equal("a input.required, b input.email", await ScreenFlow.SubmitAsync(run, """{ "b": "x" }"""));
        Assert.Equal("", await ScreenFlow.SubmitAsync(run, """{ "a": "1", "b": "x@y.example" }"""));
        Assert.Equal("""{"a":"1","b":"x@y.example"}""", ScreenFlow.Form(run).ToJson());
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Compile_ContainersInContainers_NestSoDeepAndNoDeeper(int containers, bool isFine)
    {
        var nested = """{ "type": "Text", "text": "x" }""";
        for (var i = 0; i < containers; i++)
            nested = $$"""{ "type": "Container", "components": [ {{nested}} ] }""";
        var problems = ScreenFlow.Problems(nested);
        Assert.Equal(isFine, !problems.Any(problem => problem.StartsWith("screen.depth ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{ "type": "Container", "components": 1 }""", "flow.type /screens/0/components/0/components")]
    [InlineData("""{ "type": "Container", "components": [ 1 ] }""", "flow.type /screens/0/components/0/components/0")]
    [InlineData(
        """{ "type": "Container", "components": [ { "type": "Nothing" } ] }""",
        "flow.value /screens/0/components/0/components/0/type"
    )]
    [InlineData("""{ "type": "Container", "direction": "up" }""", "flow.value /screens/0/components/0/direction")]
    [InlineData(
        """{ "type": "TextInput", "name": "a" }, { "type": "Container", "components": [ { "type": "TextInput", "name": "a" } ] }""",
        "flow.duplicate_id /screens/0/components/1/components/0/name"
    )]
    public void Compile_WhatIsWrongInside_IsToldAtItsPlace(string components, string problem) =>
        Assert.Contains(problem, ScreenFlow.Problems(components));

    [Fact]
    public void Compile_TooManyComponentsInAll_AreRefused()
    {
        var many = string.Join(", ", Enumerable.Repeat("""{ "type": "Divider" }""", 600));
        var problems = ScreenFlow.Problems(
            $$"""{ "type": "Container", "components": [ {{many}} ] }, { "type": "Container", "components": [ {{many}} ] }"""
        );
        Assert.Contains("flow.too_large /screens/0/components/1/components", problems);
    }
}
