using System.Runtime.CompilerServices;
using FlowEngine.Context;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Templates;

public sealed class JmesPathQueryTests
{
    private const string Value =
        """{"people":[{"name":"b","age":30,"tags":["x","y"]},{"name":"a","age":2.5,"tags":[]},{"name":"😀","age":3000000000,"tags":["x"]}],"""
        + """ "text":"aXé","dup":{"k":1},"big":12345678901234567890.5,"one":1.00,"since":"2026-01-01T00:00:00Z","odd.name":{"x":[[1,2],[3]]}}""";

    [Theory]
    [InlineData("text", "\"aXé\"")]
    [InlineData("people[0].name", "\"b\"")]
    [InlineData("people[-1].age", "3000000000")]
    [InlineData("people[*].name", "[\"b\",\"a\",\"😀\"]")]
    [InlineData("people[].tags[]", "[\"x\",\"y\",\"x\"]")]
    [InlineData("people[?age > `10`].name", "[\"b\",\"😀\"]")]
    [InlineData("people[?contains(tags, 'y')].name | [0]", "\"b\"")]
    [InlineData("people[?starts_with(name, 'a') || ends_with(name, 'b')].name", "[\"b\",\"a\"]")]
    [InlineData("sort_by(people, &age)[*].age", "[2.5,30,3000000000]")]
    [InlineData("sort_by(people, &name)[*].name", "[\"a\",\"b\",\"😀\"]")]
    [InlineData("sort(people[*].age)", "[2.5,30,3000000000]")]
    [InlineData("max_by(people, &age).name", "\"😀\"")]
    [InlineData("min_by(people, &name).name", "\"a\"")]
    [InlineData("max(people[*].name)", "\"😀\"")]
    [InlineData("min(people[*].age)", "2.5")]
    [InlineData("max(`[]`)", "null")]
    [InlineData("people[0:2].name", "[\"b\",\"a\"]")]
    [InlineData("people[::-1].name", "[\"😀\",\"a\",\"b\"]")]
    [InlineData("text[0:2]", "\"aX\"")]
    [InlineData("lower(text)", "\"axé\"")]
    [InlineData("upper(text)", "\"AXÉ\"")]
    [InlineData("length(people)", "3")]
    [InlineData("{first: people[0].name, all: length(people)}", "{\"first\":\"b\",\"all\":3}")]
    [InlineData("[text, dup.k, missing]", "[\"aXé\",1,null]")]
    [InlineData("join('-', people[*].name)", "\"b-a-😀\"")]
    [InlineData("\"odd.name\".x[]", "[1,2,3]")]
    [InlineData("map(&name, people)", "[\"b\",\"a\",\"😀\"]")]
    [InlineData("keys(dup)", "[\"k\"]")]
    [InlineData("not_null(missing, dup.k)", "1")]
    [InlineData("merge(dup, `{\"l\": 2}`)", "{\"k\":1,\"l\":2}")]
    [InlineData("type(dup)", "\"object\"")]
    [InlineData("to_string(dup)", "\"{\\\"k\\\":1}\"")]
    [InlineData("big", "12345678901234567890.5")]
    [InlineData("one == `1`", "true")]
    [InlineData("since", "\"2026-01-01T00:00:00Z\"")]
    [InlineData("since == '2026-01-01T00:00:00Z'", "true")]
    [InlineData("!missing && text == 'aXé'", "true")]
    [InlineData("group_by(people[?age < `100`], &name).a[0].age", "2.5")]
    [InlineData("items(dup)", "[[\"k\",1]]")]
    [InlineData("missing", "null")]
    public void Evaluate_FindsWhatTheExpressionSays(string expression, string expected) =>
        Assert.Equal(expected, Parse(expression).Evaluate(FlowValue.Parse(Value)).Value.ToJson());

    private static JmesPathQuery Parse(string expression)
    {
        var query = JmesPathQuery.TryParse(expression, out var problem);
        Assert.True(query is not null, problem);
        return query;
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.")]
    [InlineData("a[")]
    [InlineData("a[0")]
    [InlineData("a b")]
    [InlineData("$")]
    [InlineData("$.a")]
    [InlineData("let $x = a in $x")]
    [InlineData("a + b")]
    [InlineData("a - b")]
    [InlineData("a / b")]
    [InlineData("a × b")]
    [InlineData("nothing(a)")]
    [InlineData("pad_left(a, `10`)")]
    [InlineData("replace(a, 'x', 'y')")]
    [InlineData("split(a, ',')")]
    [InlineData("find_first(a, 'x')")]
    [InlineData("length()")]
    [InlineData("length(a, b)")]
    [InlineData("length(&a)")]
    [InlineData("sort_by(a, b)")]
    [InlineData("map(&[*], a)")]
    [InlineData("map(&(*), a)")]
    [InlineData("a[0:2147483647:2]")]
    [InlineData("a[::0]")]
    [InlineData("a[0:100000]")]
    [InlineData("a == `\"2026-01-01T00:00:00Z\"`")]
    [InlineData("a == `x`")]
    [InlineData("a == 'x")]
    [InlineData("{a: b, a: c}")]
    [InlineData("&a")]
    public void TryParse_WhatIsNotTaken_SaysWhy(string expression)
    {
        Assert.Null(JmesPathQuery.TryParse(expression, out var problem));
        Assert.StartsWith("has ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_NestsTooDeeply_IsRefused()
    {
        Assert.Null(JmesPathQuery.TryParse(new string('(', 40) + "a" + new string(')', 40), out _));
        Assert.Null(JmesPathQuery.TryParse(new string('!', 400) + "a", out _));
    }

    /// <summary>Expressions that would run for hours, or fill the memory, each with a value that has an expression do so.</summary>
    [Theory]
    [InlineData(
        "[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]",
        10
    )]
    [InlineData(
        "to_string(@)|to_string(@)|to_string(@)|to_string(@)|to_string(@)|to_string(@)|to_string(@)|to_string(@)|to_string(@)",
        1_000
    )]
    [InlineData("[*].contains(@, @)", 300_000)]
    [InlineData("[0][1:]", 300_000)]
    [InlineData("join([0], @)", 300_000)]
    public void Evaluate_ValueThatWouldTakeTooLong_IsRefusedAtOnce(string expression, int length)
    {
        var query = Parse(expression);
        var value = FlowValue.Array(Enumerable.Repeat(FlowValue.From(new string('a', length)), 10));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too long", query.Evaluate(value).Problem);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Evaluate_OrdinaryLists_AreTaken()
    {
        var rows = FlowValue.Array(
            Enumerable
                .Range(0, 1_000)
                .Select(i => FlowValue.Parse($$"""{"id":{{i}},"name":"person {{i}}","city":"Oslo","tags":["a","b"]}"""))
        );
        foreach (
            var expression in (string[])
                [
                    "sort_by(@, &name)[0:5].{i: id, n: name}",
                    "[?city == 'Oslo' && contains(tags, 'a')].name | join(', ', @)",
                    "max_by(@, &id).name",
                    "[*].tags[] | sort(@)",
                    "length([?starts_with(name, 'person 1')])",
                    "map(&upper(name), @)",
                ]
        )
            Assert.Null(Parse(expression).Evaluate(rows).Problem);
    }

    /// <summary>What is estimated bounds what is allocated: a byte or two for a unit, over values and expressions of many shapes.</summary>
    [Fact]
    public void Evaluate_AllocatesNoMoreThanWasEstimated()
    {
        var rows = FlowValue.Array(
            Enumerable.Range(0, 500).Select(i => FlowValue.Parse($$"""{"id":{{i}},"name":"person {{i}}","t":["a","b"]}"""))
        );
        foreach (
            var expression in (string[])
                [
                    "@",
                    "[*]",
                    "[*].name",
                    "[].t[]",
                    "[*].[id, name]",
                    "[*].{a: @, b: @}",
                    "[@, @, @] | [@, @]",
                    "[?id > `3`]",
                    "sort_by(@, &name)",
                    "map(&[@, @], @)",
                    "join(',', [*].name)",
                    "to_string(@)",
                    "group_by(@, &name)",
                    "[*].name[1:]",
                    "zip(@, @)",
                    "reverse(@)",
                    "[*].items(@)",
                    "[*].merge(@, @)",
                    "[*] | [*] | [*] | [*]",
                    "map(&'a text of some length', @)",
                    "map(&`[1, 2, 3, 4, 5, 6, 7, 8]`, @)",
                    "min_by(@, &id)",
                    "[*].reverse(name)",
                    "[*].lower(name)",
                    "[?contains(name, '1')]",
                    "[*].values(@) | []",
                ]
        )
        {
            var query = Parse(expression);
            query.Evaluate(rows);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Null(query.Evaluate(rows).Problem);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            var cost = JmesPathCost.TryParse(expression, out _)!.Of(rows);
            Assert.True(bytes < 40 * cost, $"{expression}: {bytes} bytes for {cost} units");
        }
    }

    [Fact]
    public void Evaluate_ManyThreadsOneExpression_EachGetsItsOwn()
    {
        var query = Parse("[?id == `1` || name == 'x'].[id, missing, `5`, type(@), sort(list)]");
        Parallel.For(
            0,
            2_000,
            i =>
            {
                var value = FlowValue.Parse($$"""[{"id":1,"name":"x","list":[{{i}},0]}]""");
                var sorted = i == 0 ? "[0,0]" : $"[0,{i}]";
                Assert.Equal($"""[[1,null,5,"object",{sorted}]]""", query.Evaluate(value).Value.ToJson());
            }
        );
    }

    [Fact]
    public void Evaluate_LibraryDoesNotHoldOnToTheValue()
    {
        var query = Parse("[sort(list), length(list), missing, `[1]`, type(@)]");
        var text = EvaluateOnce(query);
        for (var i = 0; i < 10 && text.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(text.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference EvaluateOnce(JmesPathQuery query)
    {
        var secret = new string('s', 1_000);
        Assert.Null(query.Evaluate(FlowValue.Object(("list", FlowValue.Array([FlowValue.From(secret)])))).Problem);
        return new WeakReference(secret);
    }

    [Fact]
    public void Evaluate_ProblemAtRunTime_NamesNoValue()
    {
        var result = Parse("group_by(@, &key)").Evaluate(FlowValue.Parse("""[{"key":123456}]"""));
        Assert.DoesNotContain("123456", result.Problem);
        Assert.Contains("another type", result.Problem);
    }

    [Fact]
    public void Evaluate_DeepResult_IsRefused()
    {
        var query = Parse(string.Join('|', Enumerable.Repeat("[@]", 70)));
        Assert.Contains("levels", query.Evaluate(FlowValue.From(1)).Problem);
    }
}
