using System.Diagnostics;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Scripting;

namespace FlowEngine.Tests.Scripting;

/// <summary>Scripts that would hang or exhaust a server. Each ends in about the time limit, with little memory.</summary>
[Trait("Category", "slow")]
[Collection(Alone.Name)]
public sealed class ScriptLimitsTests
{
    private const string Dag = "let a = ['aaaaaaaaaaaaaaaaaaaa']; for (let i = 0; i < 40; i++) a = [a, a]; ";

    public static TheoryData<string, string> Unbounded { get; } =
        new()
        {
            // Time.
            { "while (true) {}", "time" },
            { "do {} while (true)", "time" },
            { "try { while (true) {} } catch { return 1 } finally { while (true) {} }", "time" },
            { "return [3, 1, 2].sort(() => { for (;;); })", "time" },
            { "return { get x() { while (true) {} } }", "time" },
            { "throw { get message() { while (true) {} } }", "time" },
            { "return /^(a+)+$/.test('a'.repeat(40) + '!')", "time" },
            { "return new RegExp('(x+x+)+y').test('x'.repeat(60))", "time" },
            { "return 'a'.repeat(1e5).replace(/(a*)*b/, 'x')", "time" },
            { "return /a/[Symbol.replace]('a', { toString() { for (;;); } })", "time" },
            { "const a = []; a[4294967290] = 1; return a.sort()", "memory" },
            { "const a = []; a[4294967290] = 1; return a.concat(a, 'x')", "memory" },
            { "return Array.prototype.with.call({ length: 1e9 }, 1)", "memory" },
            { "let n = 0; return Array.prototype.toReversed.call({ get length() { return n++ ? 1e9 : 1 } })", "memory" },
            { "return Promise.race('9'.repeat(4e5))", "memory" },
            { "const s = 'x'.repeat(1e6); for (;;) s.indexOf('xxxxxxxxxy')", "time" },
            { "return Array.from({ length: 5e5 }, Array.prototype.fill.bind(Array(5e5), 1))", "time" },
            // Memory.
            { "const a = []; for (;;) a.push('xxxxxxxxxxxx')", "memory" },
            { "let s = 'x'; for (;;) s += s", "memory" },
            { "let s = 'xxxxxxxx'; for (;;) s = `${s}${s}`", "memory" },
            { "let s = 'xxxxxxxx'; for (;;) s = s.concat(s)", "memory" },
            { "let s = 'xxxxxxxx'; for (;;) s = [s, s].join()", "memory" },
            { "return 'x'.repeat(1e9)", "memory" },
            { "return 'x'.repeat(5e8)", "memory" },
            { "return 'x'['rep' + 'eat'](5e8)", "memory" },
            { "const { repeat: r } = 'x'; return r.call('x', 5e8)", "memory" },
            { "return Object.getOwnPropertyDescriptor(String.prototype, 're' + 'peat').value.call('x', 5e8)", "memory" },
            { "return Reflect.get('x'.constructor.prototype, 're' + 'peat').call('x', 5e8)", "memory" },
            { "return ''.\\u0072epeat.call('x', 5e8)", "memory" },
            { "return 'x'.padStart(1e9)", "memory" },
            { "return 'x'.padEnd(5e8, 'abc')", "memory" },
            { "return Array(1e9).fill(0)", "memory" },
            { "return new Array(2 ** 32 - 1)", "memory" },
            { "return Array(9e5).join('x'.repeat(100))", "memory" },
            { "return Array.from({ length: 1e8 })", "memory" },
            { "return Math.max.apply(null, { length: 1e8 })", "memory" },
            { "return 'a'.repeat(1e5).replace(/a/g, 'b'.repeat(1e4))", "memory" },
            { "return 'a'.repeat(1e5).replaceAll('a', 'b'.repeat(1e4))", "memory" },
            { "return 'a'.repeat(1e5).replace(/a/g, '$`')", "memory" },
            { "const big = 'b'.repeat(1e6); return 'a'.repeat(1e5).replace(/a/g, () => big)", "memory" },
            { "for (;;) 'aaaaa'.replace(/a/g, () => 'b')", "memory" },
            { "return 'a'.repeat(1e6).match(/a/g)", "memory" },
            { "return encodeURIComponent('\\u4000'.repeat(2e6))", "memory" },
            { Dag + "return JSON.stringify(a)", "memory" },
            { Dag + "return JSON.stringify(a, ['x'])", "memory" },
            { Dag + "return JSON.stringify(a, null, 2)", "memory" },
            { Dag + "return '' + a", "memory" },
            { Dag + "return a == 1", "memory" },
            { Dag + "return `${a}`", "memory" },
            { Dag + "return a.flat(Infinity)", "memory" },
            { Dag + "return a", "memory" },
            { "let a = {}; for (let i = 0; i < 40; i++) a = { a, b: a }; return a", "memory" },
            { "return JSON.parse('[' + '1,'.repeat(2e6) + '1]')", "memory" },
            { "function* g() { for (;;) yield 1 } return [...g()]", "memory" },
            {
                "const it = { [Symbol.iterator]() { return { next() { return { done: false, value: 1 } } } } }; return Math.max(...it)",
                "memory"
            },
            { "const m = new Map(); for (let i = 0;; i++) m.set(i, i)", "memory" },
            { "for (;;) new Date()", "memory" },
            { "return Object.getOwnPropertyDescriptors('x'.repeat(1e6))", "memory" },
            { "return Object.entries('x'.repeat(1e6))", "memory" },
            { "return Array(5e5).fill('x'.repeat(1e6)).map(Function.prototype.call, String.prototype.toUpperCase)", "memory" },
            { "return Array(5e5).fill(2e6).map(''.padEnd, 'x')", "memory" },
            { "return Array(5e5).fill('[' + '1,'.repeat(5e4) + '1]').map(JSON.parse)", "memory" },
            { "return Array.prototype.fill.call({ length: Number.MAX_SAFE_INTEGER }, 1)", "memory" },
            { "return 'x'.repeat(3e6) + 'y'.repeat(3e6)", "memory" },
            { "return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('a')", "memory" },
            { "const s = 'x'.repeat(4e6); return { ...s }", "memory" },
            { "const s = 'x'.repeat(4e6); return { a: { ...(1, s + s + s) } }", "memory" },
            { "const s = 'x'.repeat(4e6); const { a, ...rest } = s; return rest", "memory" },
            { "const s = 'x'.repeat(4e6); let r; ({ a: { ...r } } = { a: s }); return r", "memory" },
            { "const s = 'x'.repeat(4e6); return [s].map(({ length, ...rest }) => rest)", "memory" },
            { "const s = 'x'.repeat(4e6); return (function ({ ...r }) { return r })(s + s)", "memory" },
            { "const s = 'x'.repeat(4e6); for (const { ...r } of [s]) return r", "memory" },
            { "const s = 'x'.repeat(4e6); let n = 0; for (const k in s) n++; return n", "memory" },
            { "const a = Array(5e5).fill(1); return { ...a }", "memory" },
            // Recursion.
            { "function f() { return 1 + f() } return f()", "recursion" },
            { "function f(...a) { return f(...a, 1) + 1 } return f()", "recursion" },
            { "const o = { toString() { return '' + o } }; return '' + o", "recursion" },
            { "const o = { get x() { return o.x + 1 } }; return o.x", "recursion" },
            { "const o = { toJSON() { return JSON.stringify(o) } }; return JSON.stringify(o)", "recursion" },
            { "const r = (k, v) => JSON.parse('[1]', r); return r()", "recursion" },
            { "class A { constructor() { new A() } } new A()", "recursion" },
            { "const a = [1, 2]; a.sort(function c() { a.slice().sort(c); return 1 })", "recursion" },
            { "function* g() { yield* g() } return [...g()]", "recursion" },
            { "let o = []; for (let i = 0; i < 1e5; i++) o = [o]; return '' + o", "recursion" },
            { "let o = {}; for (let i = 0; i < 3e4; i++) o = { o }; return JSON.stringify(o)", "" },
            {
                "let o = {}; for (let i = 0; i < 2e4; i++) { const p = o; o = { toString() { return '' + p } } } return '' + o",
                "recursion"
            },
            { "let f = () => 1; for (let i = 0; i < 2e4; i++) { const g = f; f = x => g(x) } return f(1)", "recursion" },
            { "async function f() { await f() } return f()", "recursion" },
            { "function f() { try { f() } catch { f() } finally { f() } } f()", "recursion" },
            // One statement, or one call, with many copies of a long text: each once took gigabytes.
            { "const a = Array(1e3).fill('x'.repeat(1e6)); return a.join()", "memory" },
            { "const a = Array(1e3).fill('x'.repeat(1e6)); return a.toString()", "memory" },
            { "const a = Array(1e3).fill('x'.repeat(1e6)); return '' + a", "memory" },
            { "const a = Array(1e3).fill('x'.repeat(1e6)); return `${a}`", "memory" },
            { "const a = Array(1e3).fill('x'.repeat(1e6)); return a.toLocaleString()", "memory" },
            { "const a = []; a[4294967294] = 1; return a.join()", "memory" },
            { "const s = 'x'.repeat(1e6); return s.concat(...Array(1e3).fill(s))", "memory" },
            { "const s = 'x'.repeat(1e6); return `" + Many("${s}", 500) + "`", "memory" },
            { "const s = 'x'.repeat(1e6); return [" + Many("s + 1, ", 3000) + "].length", "memory" },
            { "const s = 'x'.repeat(1e6); return [" + Many("(s + 1) < 'a', ", 3000) + "].length", "memory" },
            { "const s = 'x'.repeat(1e6); return { " + Many("[s + 1]: 1, ", 3000) + "}", "memory" },
            { "const s = 'x'.repeat(1e6); return String.raw({ raw: Array(1e3).fill(s) })", "memory" },
            { "return JSON.stringify(Array(1e2).fill('\\u0000'.repeat(1e6)))", "memory" },
            { "const a = Array(1e5).fill(1); return [" + Many("[...a], ", 2000) + "].length", "memory" },
            { "const e = new Error('x'.repeat(1e6)); return [" + Many("'' + e, ", 2000) + "].length", "memory" },
            { "const e = new Error('x'.repeat(1e6)); return Array(9999).fill(e).sort()", "memory" },
            { "const s = 'x'.repeat(1e6); return new Set(Array(9999).fill(s)).size", "memory" },
            { "const s = 'x'.repeat(1e6); return Object.groupBy(Array(9999).fill(1), () => s)", "memory" },
            { "return new RegExp('(a|b)'.repeat(1e4))", "memory" },
            { "const s = '9'.repeat(1e6); return Math.max(...Array(9999).fill(s))", "memory" },
            { "const s = '9'.repeat(1e6); return [" + Many("+s, ", 9000) + "]", "time" },
            { "const s = '9'.repeat(1e6); switch (5) { " + Many("case +s: ", 6000) + "return 1 }", "time" },
            { "const s = 'x'.repeat(1e6); return s.indexOf('x'.repeat(4e5) + 'y' + 'x'.repeat(4e5))", "time" },
            {
                "let a = '', b = ''; for (let i = 0; i < 9e3; i++) { a += "
                    + "'xxxxxxxx'.repeat(9); b += 'xxxxxxxx'.repeat(9) } for (;;) a == b",
                "time"
            },
        };

    private static string Many(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    [Theory]
    [MemberData(nameof(Unbounded))]
    public void Run_Unbounded_EndsWithTheLimitItRanInto(string code, string limit)
    {
        var (result, elapsed, allocated) = Measure(code);
        Assert.Equal("script.limit", result.Problem?.Code);
        // On a busy machine the time may be over first: the limit's clock ticks coarser than this one.
        if (elapsed < TimeSpan.FromSeconds(0.9) && limit.Length > 0)
            Assert.Contains($"the limit of {limit}", result.Problem!.Message);
        Assert.True(elapsed < TimeSpan.FromSeconds(4), $"It took {elapsed}.");
        Assert.True(allocated < 160_000_000, $"It allocated {allocated} bytes.");
    }

    [Theory]
    [InlineData("let b = 2n; for (;;) b = b * b")]
    [InlineData("return 2n ** 10000000n")]
    [InlineData("return 1n << 30000000n")]
    public void Run_BigInt_IsRefused(string code)
    {
        var problems = new DiagnosticBag();
        var program = ScriptCompiler.CompileBody(code, [], SourceLocation.Root(null), problems)!;
        Assert.Equal("script.limit", Assert.Single(problems.Items).Code);
        Assert.Equal("script.limit", program.Run([], TimeProvider.System, default).Problem!.Code);
    }

    [Theory]
    [InlineData("return new ArrayBuffer(2e9)")]
    [InlineData("return new Uint8Array(2e9)")]
    [InlineData("return new Float64Array(2e8)")]
    [InlineData("return new SharedArrayBuffer(2e9)")]
    [InlineData("Atomics.wait(new Int32Array(1), 0, 0)")]
    [InlineData("return BigInt('9'.repeat(1000000))")]
    [InlineData("return globalThis['Big' + 'Int']('9')")]
    [InlineData("return new (Reflect.get(globalThis, 'Uint8' + 'Array'))(2e9)")]
    [InlineData("return new Proxy({}, {})")]
    [InlineData("return new ShadowRealm().evaluate('1')")]
    [InlineData("return structuredClone({})")]
    [InlineData("eval('1')")]
    [InlineData("(0, globalThis.eval)('1')")]
    [InlineData("return new Function('return 1')()")]
    [InlineData("return (() => {}).constructor('return 1')()")]
    [InlineData("return (function* () {}).constructor('yield 1')()")]
    [InlineData("return (async () => {}).constructor('return 1')()")]
    [InlineData("return fetch('http://localhost')")]
    [InlineData("setTimeout(() => 1)")]
    [InlineData("require('fs')")]
    [InlineData("import('fs')")]
    [InlineData("return System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("return importNamespace('System')")]
    [InlineData("return clrHelper.unwrap({})")]
    [InlineData("console.log(1)")]
    public void Run_NotAvailable_FailsAsAnError(string code)
    {
        var (result, _, allocated) = Measure(code);
        Assert.Equal("script.error", result.Problem?.Code);
        Assert.True(allocated < 50_000_000);
    }

    [Theory]
    [InlineData("(", ")", 20_000)]
    [InlineData("[", "]", 20_000)]
    [InlineData("a=>", "", 15_000)]
    [InlineData("!", "", 30_000)]
    [InlineData("1+", "", 30_000)]
    [InlineData("typeof ", "", 9_000)]
    public void Compile_NestsTooDeeply_IsReported(string open, string close, int times)
    {
        var problems = new DiagnosticBag();
        var code = "return " + string.Concat(Enumerable.Repeat(open, times)) + "1" + string.Concat(Enumerable.Repeat(close, times));
        Assert.Null(ScriptCompiler.CompileBody(code, [], SourceLocation.Root(null), problems));
        Assert.Equal("script.syntax", Assert.Single(problems.Items).Code);
    }

    [Theory]
    [InlineData("globalThis['$$' + 'own'] = x => x; return { ...'x'.repeat(4e6) }")]
    [InlineData("delete globalThis['$$' + 'own']; return { ...'x'.repeat(4e6) }")]
    [InlineData("delete String.prototype['$$' + 'own']; const { ...r } = 'x'.repeat(4e6); return r")]
    [InlineData("Object.defineProperty(String.prototype, '$$' + 'own', { value: 1 }); const { ...r } = 'x'.repeat(4e6); return r")]
    public void Run_TakesAwayTheLimitOfKeys_Fails(string code) => Assert.Equal("script.error", Measure(code).Result.Problem?.Code);

    [Theory]
    [InlineData("const $$own = x => x; return { ...'x' }")]
    [InlineData("return $$\\u006fwn")]
    [InlineData("return { $$own: 1 }")]
    [InlineData("const $$check = x => x; return 1 + 1")]
    public void Compile_UsesTheEnginesName_IsReported(string code)
    {
        var problems = new DiagnosticBag();
        Assert.Null(ScriptCompiler.CompileBody(code, [], SourceLocation.Root(null), problems));
        Assert.Equal("script.syntax", problems.Items.Single(p => p.Severity == Severity.Error).Code);
    }

    [Fact]
    public void Compile_TooLong_IsReported()
    {
        var problems = new DiagnosticBag();
        Assert.Null(ScriptCompiler.CompileBody(new string(';', 70_000), [], SourceLocation.Root(null), problems));
        Assert.Equal("script.syntax", Assert.Single(problems.Items).Code);
    }

    [Fact]
    public async Task Run_ManyEndlessAtOnce_AllEnd()
    {
        var program = ScriptCompiler.CompileBody("while (true) {}", [], SourceLocation.Root(null), new DiagnosticBag())!;
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => program.Run([], TimeProvider.System, default))));
        Assert.All(results, result => Assert.Equal("script.limit", result.Problem!.Code));
    }

    [Fact]
    public void Run_CallerCancels_ThrowsOperationCanceled()
    {
        var program = ScriptCompiler.CompileBody("new Date(); while (true) {}", [], SourceLocation.Root(null), new DiagnosticBag())!;
        using var source = new CancellationTokenSource();
        var error = Assert.ThrowsAny<OperationCanceledException>(() => program.Run([], new CancellingClock(source), source.Token));
        Assert.Equal(source.Token, error.CancellationToken);
    }

    [Fact]
    public void Run_AlreadyCancelled_ThrowsOperationCanceled()
    {
        var program = ScriptCompiler.CompileBody("return 1", [], SourceLocation.Root(null), new DiagnosticBag())!;
        Assert.ThrowsAny<OperationCanceledException>(() => program.Run([], TimeProvider.System, new CancellationToken(true)));
    }

    private static (ScriptResult Result, TimeSpan Elapsed, long Allocated) Measure(string code)
    {
        var program = ScriptCompiler.CompileBody(code, [], SourceLocation.Root(null), new DiagnosticBag());
        Assert.NotNull(program);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var result = program.Run([], TimeProvider.System, default);
        return (result, watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Cancels as soon as the script asks for the time.</summary>
    private sealed class CancellingClock(CancellationTokenSource source) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            source.Cancel();
            return base.GetUtcNow();
        }
    }
}
