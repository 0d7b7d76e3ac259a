using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Scripting;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Tests.Scripting;

public sealed class ScriptInputTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("0")]
    [InlineData("-1.5")]
    [InlineData("1e+21")]
    [InlineData("9007199254740991")]
    [InlineData("\"é\u2028😀\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[1,[2,{\"a\":[]}],null]")]
    [InlineData("{\"b\":1,\"a\":{\"c\":[{\"d\":\"e\"}]},\"odd name\":\"\",\"__proto__\":{\"x\":1},\"constructor\":2}")]
    public void Run_ReturnsItsArgument_Unchanged(string json) => Assert.Equal(json, Run("return a", FlowValue.Parse(json)).ToJson());

    [Theory]
    [InlineData("9007199254740993", "string", "\"9007199254740993\"")]
    [InlineData("-9007199254740993", "string", "\"-9007199254740993\"")]
    [InlineData("9007199254740992", "number", "9007199254740992")]
    [InlineData("9223372036854775807", "string", "\"9223372036854775807\"")]
    [InlineData("12345678901234567890", "string", "\"12345678901234567890\"")]
    [InlineData("0.1234567890123456789", "string", "\"0.1234567890123456789\"")]
    [InlineData("1.5000", "number", "1.5")]
    [InlineData("0.1", "number", "0.1")]
    [InlineData("1e400", "string", "\"1e400\"")]
    public void Run_NumberBeyondADouble_ArrivesAsTextSoThatNoDigitIsLost(string json, string type, string back)
    {
        var value = FlowValue.FromNumberText(json);
        Assert.Equal(type, Run("return typeof a", value).ToText());
        Assert.Equal(back, Run("return a", value).ToJson());
    }

    [Fact]
    public void Run_DecimalOfADatabase_IsANumber() => Assert.Equal("3", Run("return a * 2", FlowValue.From(1.50m)).ToJson());

    [Theory]
    [InlineData("", "null")]
    [InlineData("return", "null")]
    [InlineData("return undefined", "null")]
    [InlineData("return { a: undefined, b: [undefined, , 1] }", """{"a":null,"b":[null,null,1]}""")]
    [InlineData("return NaN", "null")]
    [InlineData("return -Infinity", "null")]
    [InlineData("return -0", "0")]
    [InlineData("return 404.0", "404")]
    [InlineData("return new Date(0)", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("return { at: new Date(Date.UTC(2024, 1, 29, 12, 30, 15, 7)) }", """{"at":"2024-02-29T12:30:15.007Z"}""")]
    [InlineData("return new Date(NaN)", "null")]
    [InlineData("class A { x = 1; get y() { return 2 } } return new A()", """{"x":1}""")]
    [InlineData("return { get x() { return 5 } }", """{"x":5}""")]
    [InlineData("return Object.assign(Object.create({ inherited: 1 }), { own: 2 })", """{"own":2}""")]
    [InlineData("const o = {}; Object.defineProperty(o, 'hidden', { value: 1 }); return o", "{}")]
    [InlineData("const x = { a: 1 }; return [x, x]", """[{"a":1},{"a":1}]""")]
    [InlineData("return { ['a b']: 1, 2: 'two', 1: 'one' }", """{"1":"one","2":"two","a b":1}""")]
    [InlineData("return 'a' in globalThis", "false")]
    [InlineData("return this === undefined", "true")]
    [InlineData("return JSON.stringify({ b: 1, a: [2, { c: 'x' }] })", "\"{\\\"b\\\":1,\\\"a\\\":[2,{\\\"c\\\":\\\"x\\\"}]}\"")]
    [InlineData("return JSON.stringify({ a: 1, b: 2 }, (k, v) => k === 'a' ? undefined : v)", "\"{\\\"b\\\":2}\"")]
    [InlineData("return JSON.stringify({ a: 1, b: 2 }, ['b'])", "\"{\\\"b\\\":2}\"")]
    [InlineData("return JSON.stringify([1], null, 1)", "\"[\\n 1\\n]\"")]
    [InlineData("return 'a-b-c'.replace(/-(.)/g, (m, c) => c.toUpperCase())", "\"aBC\"")]
    [InlineData("return 'a.b.c'.replaceAll('.', '$$') + 'abc'.replace('b', '[$&]')", "\"a$b$ca[b]c\"")]
    [InlineData("return [...'a1b2'.matchAll(/[a-z](\\d)/g)].map(m => m[1])", """["1","2"]""")]
    [InlineData("return [[1, [2, [3]]]].flat(Infinity).concat('7'.padStart(3, '0'), 'ab'.repeat(2))", """[1,2,3,"007","abab"]""")]
    [InlineData("return Object.entries({ a: 1 }).flat().join() + encodeURIComponent('ü &')", "\"a,1%C3%BC%20%26\"")]
    [InlineData(
        "const { a: one, ...rest } = { a: 1, b: 2, c: [3] }; return { rest, ...rest, d: 4 }",
        """{"rest":{"b":2,"c":[3]},"b":2,"c":[3],"d":4}"""
    )]
    [InlineData("return [{ a: 1, b: 2 }].map(({ a, ...r }) => r)", """[{"b":2}]""")]
    [InlineData("return (({ x: { ...r } = { d: 1 }, ...s }) => [r, s])({ y: 2 })", """[{"d":1},{"y":2}]""")]
    [InlineData("let r; ({ a: { ...r } } = { a: { b: 1 } }); return r", """{"b":1}""")]
    [InlineData("return { ...(0, { a: 1 }), ...null, ...undefined, ...'hi', ...[5], ...(x => x) }", """{"0":5,"1":"i","a":1}""")]
    [InlineData(
        "const keys = []; for (const k in (0, { a: 1, b: 2 })) keys.push(k); for (const k in ['x']) keys.push(k); return keys",
        """["a","b","0"]"""
    )]
    [InlineData("const [first, ...others] = [1, 2, 3]; const { ...copy } = [7]; return [first, others, copy]", """[1,[2,3],{"0":7}]""")]
    [InlineData("return Object.keys(globalThis).concat(Object.getOwnPropertyNames('')).length", "1")]
    public void Run_Returns_WhatTheContextCanHold(string code, string expected) => Assert.Equal(expected, Run(code).ToJson());

    [Theory]
    [InlineData("return () => 1", "a function")]
    [InlineData("return { f() {} }", "a function")]
    [InlineData("return Symbol('x')", "a symbol")]
    [InlineData("return new Map([[1, 2]])", "(Map)")]
    [InlineData("return [new Set()]", "(Set)")]
    [InlineData("return /x/", "(RegExp)")]
    [InlineData("return new Error('x')", "(Error)")]
    [InlineData("return Promise.resolve(1)", "a promise")]
    [InlineData("return (async () => 1)()", "a promise")]
    [InlineData("const o = {}; o.o = o; return o", "contains itself")]
    [InlineData("const l = []; l.push([l]); return l", "contains itself")]
    [InlineData("let o = {}; for (let i = 0; i < 1000; i++) o = { o }; return o", "64 deep")]
    public void Run_ReturnsSomethingElse_FailsWithItsKind(string code, string kind)
    {
        var result = Result(code);
        Assert.Equal("script.result", result.Problem!.Code);
        Assert.Contains(kind, result.Problem.Message);
    }

    [Fact]
    public void Run_AfterPrototypePollution_StartsFresh()
    {
        Assert.Equal(
            "1",
            Run("Object.prototype.x = 1; Array.prototype.map = null; globalThis.y = 2; JSON.parse = null; return ({}).x").ToJson()
        );
        Assert.Equal(
            "[null,\"function\",\"undefined\",\"function\"]",
            Run("return [({}).x, typeof [].map, typeof globalThis.y, typeof JSON.parse]").ToJson()
        );
    }

    [Fact]
    public void Run_ChangesItsArgument_ChangesACopy()
    {
        var value = FlowValue.Parse("""{"a":{"b":1},"list":[1]}""");
        Assert.Equal("""{"a":{"b":2},"list":[1,5]}""", Run("a.a.b = 2; a.list.push(5); return a", value).ToJson());
        Assert.Equal("""{"a":{"b":1},"list":[1]}""", value.ToJson());
    }

    [Fact]
    public void Run_Date_ShowsTheRunsClockInUtc()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.Zero));
        var program = ScriptCompiler.CompileBody(
            "return [new Date().toISOString(), Date.now(), new Date(2020, 0, 1).toISOString(), new Date().getTimezoneOffset()]",
            [],
            SourceLocation.Root(null),
            new DiagnosticBag()
        )!;
        Assert.Equal(
            """["2031-05-06T07:08:09.000Z",1935817689000,"2020-01-01T00:00:00.000Z",0]""",
            program.Run([], clock, default).Value.ToJson()
        );
    }

    [Fact]
    public void Run_AddsTwoInputs_AllocatesLittle()
    {
        var program = ScriptCompiler.CompileBody("return a + b", ["a", "b"], SourceLocation.Root(null), new DiagnosticBag())!;
        FlowValue[] inputs = [FlowValue.From(1), FlowValue.From(2)];
        for (var i = 0; i < 200; i++)
            program.Run(inputs, TimeProvider.System, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            program.Run(inputs, TimeProvider.System, default);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 1, 20_000);
    }

    [Fact]
    public void Run_LargeArgumentOfWhichLittleIsRead_CopiesOnlyThat()
    {
        var rows = string.Join(",", Enumerable.Range(0, 5000).Select(i => $$"""{"id":{{i}},"name":"n{{i}}"}"""));
        var value = FlowValue.Parse($$"""{"body":{"rows":[{{rows}}]},"statusCode":404}""");
        var program = ScriptCompiler.CompileBody("return a.statusCode", ["a"], SourceLocation.Root(null), new DiagnosticBag())!;
        program.Run([value], TimeProvider.System, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        program.Run([value], TimeProvider.System, default);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 30_000);
    }

    private static ScriptResult Result(string code, FlowValue argument = default) =>
        ScriptCompiler
            .CompileBody(code, ["a"], SourceLocation.Root(null), new DiagnosticBag())!
            .Run([argument], TimeProvider.System, default);

    private static FlowValue Run(string code, FlowValue argument = default)
    {
        var result = Result(code, argument);
        Assert.Null(result.Problem);
        return result.Value;
    }
}
