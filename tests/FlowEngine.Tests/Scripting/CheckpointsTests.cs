using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Scripting;
using Jint;

namespace FlowEngine.Tests.Scripting;

/// <summary>What is put into long statements changes nothing of what they mean.</summary>
public sealed class CheckpointsTests
{
    [Theory]
    [InlineData("const a = 1, b = 2; return-a-b-a-b-a-b-a-b-a-b-a-b-a-b-a-b-a-b-a-b-a-b-a-b", "-36")]
    [InlineData("const x = i => `${i}${i}`; return x(5) + x('a') + x(null)", "\"55aanullnull\"")]
    [InlineData(
        "const s = 'ab'; return `0${s}1${s}2${s}3${s}4${s}5${s}6${s}7${s}8${s}9${s}a${s}b${s}c${s}d${s}e${s}f${s}g${s}h`",
        "\"0ab1ab2ab3ab4ab5ab6ab7ab8ab9abaabbabcabdabeabfabgabh\""
    )]
    [InlineData(
        "const o = { f() { return this.v }, v: 3 }; return [o.f() + 'x' + "
            + "o?.f(), o.f() + 'y' + o?.f?.(), o.f() + o?.g?.h.i + '', o.f() + 'z']",
        "[\"3x3\",\"3y3\",\"NaN\",\"3z\"]"
    )]
    [InlineData("const t = x => x.raw[0] + x[0]; return t`a\\n` + t`b${1 + 1}c` + t`a` + t`b` + (t`c` + t`d`)", "\"a\\\\na\\nbbaabbccdd\"")]
    [InlineData(
        "function* g() { const x = yield 1 + 1 + (2 + 3); return [yield x + 1, yield x + 2, (yield x + 3) + 1] } "
            + "const i = g(), r = []; for (let v = i.next(); !v.done; v = i.next(r.length)) r.push(v.value); return r",
        "[7,2,3,4]"
    )]
    [InlineData(
        "const f = [function () {} + '' + 1, () => 1], a = 1 + 1 + (1 + 2), g = () => 2; return [g.name, f[1].name, (class B {}).name]",
        "[\"g\",\"\",\"B\"]"
    )]
    [InlineData("let n = 0; n += n++ + ++n; n += (n += 1) + (n += 2)\n++n\nreturn n + (n - 1) + (n + '').length", "\"*\"")]
    [InlineData("for (const k in{ a: 1, ...{ b: 2 } }) return k", "\"a\"")]
    [InlineData(
        "class A extends (Object + '' + 1 + (2 + 3) ? Object : Object) { x = 1 + 1; static y = 2 + '' + (3 + '') } return [new A().x, A.y]",
        "[2,\"23\"]"
    )]
    [InlineData("switch ('c' + '') { case 'a' + '': return 1; case 'b' + '': return 2; case 'c' + '': return 3 }", "3")]
    [InlineData(
        "const [a = 1 + 1, { b = 'x' + a + (a + 1), ...c }, ...d] = [, { e: 1 }, 2, 3]; return [a, b, c, d]",
        "[2,\"x23\",{\"e\":1},[2,3]]"
    )]
    [InlineData("const a = [1, 2]; return Math.max(...a, ...a, ...[...a, ...a, ...(a.length + '' + 1 + (1 + 1))])", "2")]
    [InlineData(
        "return typeof undefinedThing + typeof 1 + (delete {}.x + '') + (void 0 + '') + !1",
        "\"undefinednumbertrueundefinedfalse\""
    )]
    public void Run_IsCut_MeansTheSame(string code, string expected)
    {
        var problems = new DiagnosticBag();
        var program = ScriptCompiler.CompileBody(code, [], SourceLocation.Root(null), problems);
        Assert.True(program is not null, string.Join("\n", problems.Items));
        var result = program.Run([], TimeProvider.System, default);
        Assert.Null(result.Problem);
        // Jint without anything put in says what it means.
        var plain = new Jint.Engine().Evaluate($"JSON.stringify((function () {{ 'use strict'; {code}\n }})())").AsString();
        Assert.Equal(plain, result.Value.ToJson());
        if (expected != "\"*\"" && expected != plain)
            Assert.Equal(FlowValue.Parse(expected), FlowValue.Parse(plain));
    }

    [Fact]
    public void Run_FailsInACutStatement_SaysWhere()
    {
        const string code = "const a = 'x';\nreturn [a + a, a + a, a + a, null.b]";
        var result = ScriptCompiler
            .CompileBody(code, [], SourceLocation.Root(null), new DiagnosticBag())!
            .Run([], TimeProvider.System, default);
        Assert.Contains("at line 2, column 35", result.Problem!.Message);
    }

    [Theory]
    [InlineData("return a + b", true)]
    [InlineData("const n = a.trim().toLowerCase(); if (n === '') throw 'none'; return { n, m: `${n}!`, k: [n, b?.c] }", true)]
    [InlineData("return a.map(x => x)", false)]
    [InlineData("for (;;) {}", false)]
    [InlineData("while (a) {}", false)]
    [InlineData("do {} while (a)", false)]
    [InlineData("for (const x of a) {}", false)]
    [InlineData("for (const x in a) {}", false)]
    [InlineData("function f() { f() } return 1", false)]
    [InlineData("return { get a() { return 1 } }", false)]
    [InlineData("class A {} return 1", false)]
    [InlineData("return /(a+)+b/.test(a)", false)]
    [InlineData("return a.match(b)", false)]
    [InlineData("return a.sort()", false)]
    [InlineData("return a['trim']()", false)]
    [InlineData("return new Array(9)", false)]
    [InlineData("return [...a]", false)]
    [InlineData("return JSON.parse(a)", false)]
    [InlineData("const { x } = a; return x", false)]
    public void IsBrief_OnlyWhatGoesStraightToItsEnd(string code, bool isBrief) =>
        Assert.Equal(isBrief, ScriptCompiler.CompileBody(code, ["a", "b"], SourceLocation.Root(null), new DiagnosticBag())!.IsBrief);
}
