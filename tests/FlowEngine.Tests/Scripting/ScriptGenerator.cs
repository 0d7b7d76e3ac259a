using System.Text;
using FlowEngine.Scripting;
using Jint;
using Jint.Native.Function;

namespace FlowEngine.Tests.Scripting;

/// <summary>Writes scripts at random, the same ones for the same seed: every built-in that
/// Jint has, on values that make it expensive, in every kind of expression.</summary>
internal sealed class ScriptGenerator(int seed)
{
    private static readonly List<string> Functions = [];

    private static readonly List<string> Methods = [];

    private static readonly string[] Values =
    [
        "s",
        "s + 1",
        "s + s",
        "d",
        "d + d",
        "a",
        "b",
        "h",
        "n",
        "g",
        "e",
        "o",
        "k",
        "m",
        "t",
        "r",
        "f",
        "1",
        "0",
        "-1",
        "1e9",
        "1e6",
        "5e4",
        "NaN",
        "null",
        "undefined",
        "''",
        "','",
        "'x'",
        "/x/g",
        "/(x*)*y/",
        "/x*/y",
        "x => x",
        "() => s",
        "(p, q) => q",
        "x => x + s",
        "'$&$&'",
        "'$`'",
        "true",
        "{ length: 1e9 }",
        "{ length: 9999, 0: s }",
        "{ raw: b }",
        "a.values()",
        "Symbol.iterator",
        "Array.bind(null, 1e6)",
        "s.toUpperCase.bind(s)",
        "Array",
        "String",
        "Number",
        "Object",
        "Set",
        "Map",
        "RegExp",
        "Error",
    ];

    private static readonly string[] Operators =
    [
        "+",
        "-",
        "*",
        "%",
        "<",
        "<=",
        "==",
        "===",
        "!=",
        "in",
        "instanceof",
        "&&",
        "||",
        "??",
        "|",
        "**",
    ];

    private const string Prelude = """
        const s = 'x'.repeat(5e5), d = '9'.repeat(4e5), a = Array(9999).fill(s), b = Array(9999).fill(d), h = []; h[4294967294] = 1;
        let n = ['xxxxxxxxxxxxxxxx']; for (let i = 0; i < 30; i++) n = [n, n];
        const g = function* () { for (;;) yield s }, e = new Error(s), m = new Map([[s, 1]]), t = new Set([s]), r = /x/g, f = (...p) => p;
        const o = { toString() { return s }, get x() { return s + s }, toJSON() { return n } };
        const k = { toString: s.toUpperCase.bind(s), valueOf: s.concat.bind(s, s, s) };
        let v = s, w = 'y', z = 0;

        """;

    private readonly Random _random = new(seed);
    private int _depth;

    public string Next()
    {
        var code = new StringBuilder(Prelude);
        for (var i = _random.Next(1, 4); i > 0; i--)
            code.Append("try { ").Append(Statement()).Append(" } catch (x) { z++ } finally { w += 'z' }\n");
        return code.Append("return ").Append(Expression()).ToString();
    }

    private string Statement() =>
        _random.Next(12) switch
        {
            0 => $"for (let i = 0; i < {Pick("10", "1e4", "Infinity")}; i++) {{ {Expression()} }}",
            1 => $"for (;; v = {Expression()});",
            2 => $"while ({Expression()}) w += v",
            3 => $"for (const x of {Expression()}) {Expression()}",
            4 => $"for (const x in {Expression()}) z++",
            5 => $"const [y, ...q] = {Expression()}; {Expression()}",
            6 => $"const {{ y, ...q }} = {Expression()}; {Expression()}",
            7 => $"v = {Expression()}; w += v; {Expression()}",
            8 => $"switch ({Expression()}) {{ {string.Concat(Enumerable.Repeat($"case {Expression()}: ", 300))} z++ }}",
            9 => $"Promise.resolve({Expression()}).then(() => {Expression()})",
            10 =>
                $"new (class {{ y = {Expression()}; get q() {{ return {Expression()} }} toString() {{ return {Expression()} }} }})() + ''",
            _ => $"v = {Expression()}",
        };

    private string Expression()
    {
        if (++_depth > 4)
        {
            _depth--;
            return Pick(Values);
        }
        var expression = _random.Next(14) switch
        {
            0 or 1 or 2 => $"{Pick(Functions)}({Arguments()})",
            3 or 4 or 5 => $"({Pick(Values)}).{Pick(Methods)}({Arguments()})",
            6 => $"({Expression()} {Pick(Operators)} {Expression()})",
            7 => $"[{string.Join(", ", Enumerable.Repeat(Expression(), _random.Next(1, 600)))}]",
            8 => $"`{string.Concat(Enumerable.Repeat("${" + Expression() + "}-", _random.Next(1, 100)))}`",
            9 => $"[...{Expression()}, ...{Expression()}]",
            10 => $"({{ [{Expression()}]: 1, ...{Expression()} }})",
            11 => $"(v += {Expression()})",
            12 => $"new {Pick("Set", "Map", "RegExp", "Array", "Error", "Date", "String", "Number", "Promise", "WeakMap")}({Arguments()})",
            _ => $"{Pick("+", "-", "~", "!", "typeof ")}({Expression()})",
        };
        _depth--;
        // A statement is at most as long as a source may be.
        return expression.Length < 20_000 ? expression : Pick(Values);
    }

    private string Arguments() =>
        string.Join(
            ", ",
            Enumerable
                .Range(0, _random.Next(4))
                .Select(_ =>
                    _random.Next(6) == 0 ? "..." + Pick("a", "b", "n", "t")
                    : _random.Next(3) == 0 ? Expression()
                    : Pick(Values)
                )
        );

    private string Pick(params IReadOnlyList<string> choices) => choices[_random.Next(choices.Count)];

    /// <summary>By reflection over a realm that nothing was taken from: what has been removed must not do harm either.</summary>
    static ScriptGenerator()
    {
        var engine = new Engine();
        foreach (var (holder, find) in Builtins.Holders)
        {
            var found = find(engine);
            foreach (var name in Builtins.Names(found))
            {
                if (name.StartsWith('@') || name == "constructor" || found.GetOwnProperty(name).Value is not Function)
                    continue;
                if (!holder.StartsWith('%'))
                    Functions.Add(
                        holder == "global" ? name
                        : holder.EndsWith(".prototype", StringComparison.Ordinal) ? $"{holder}.{name}.call"
                        : $"{holder}.{name}"
                    );
                if (holder.EndsWith(".prototype", StringComparison.Ordinal) || holder.StartsWith('%'))
                    Methods.Add(name);
            }
        }
    }
}
