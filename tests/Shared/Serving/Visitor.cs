using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowEngine.TestServers;

/// <summary>Per test: a browser without JavaScript: cookies, pages and forms.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _address;

    public Visitor(string address)
    {
        _address = address;
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                CookieContainer = Cookies,
                UseProxy = false,
            }
        );
    }

    public CookieContainer Cookies { get; } = new();

    public HttpStatusCode Status { get; private set; }

    public string Html { get; set; } = "";

    /// <summary>The address of the page, below that of the server.</summary>
    public string Path { get; set; } = "";

    /// <summary>The run whose page it is at.</summary>
    public string ExecutionId => Path.Split('?')[0].Split('/')[^1];

    public bool IsInline { get; set; }

    public string Token => Regex.Match(Html, "name=\"fe.token\" value=\"([^\"]*)\"").Groups[1].Value;

    public IEnumerable<string> CookieTexts =>
        Cookies
            .GetAllCookies()
            .SelectMany(cookie => cookie.Value.Split('.').Append(cookie.Value))
            .SelectMany(text => new[] { text, Decode(text) });

    /// <summary>Opens a page and follows where it leads.</summary>
    public async Task GetAsync(string path)
    {
        Path = path;
        var answer = await SendAsync(HttpMethod.Get, path);
        while (answer.StatusCode == HttpStatusCode.SeeOther)
        {
            Path = answer.Headers.Location!.OriginalString;
            answer = await SendAsync(HttpMethod.Get, Path);
        }
    }

    /// <summary>Sends the form of the page and follows where it leads.</summary>
    public async Task SubmitAsync(string button, params (string Name, string Value)[] inputs)
    {
        var location = await PostAsync(button, inputs);
        if (location.Length > 0)
            await GetAsync(location);
    }

    /// <summary>Sends the form of the page, and says where it leads; "" for nowhere.</summary>
    public async Task<string> PostAsync(string button, params (string Name, string Value)[] inputs)
    {
        var form = inputs.ToDictionary(input => input.Name, input => input.Value);
        form["fe.step"] = Regex.Match(Html, "name=\"fe.step\" value=\"([^\"]*)\"").Groups[1].Value;
        form["fe.token"] = Token;
        form["fe.do"] = button;
        var kept = Html;
        var answer = await PostRawAsync(form);
        if (answer.StatusCode == HttpStatusCode.SeeOther)
            Html = kept;
        return answer.Headers.Location?.OriginalString ?? "";
    }

    public Task<HttpResponseMessage> PostRawAsync(Dictionary<string, string> form) =>
        SendAsync(HttpMethod.Post, Path, new FormUrlEncodedContent(form));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, _address + path) { Content = content };
        if (IsInline)
            request.Headers.Add("FlowEngine-Inline", "1");
        var answer = await _client.SendAsync(request);
        Status = answer.StatusCode;
        Html = await answer.Content.ReadAsStringAsync();
        return answer;
    }

    public void Dispose() => _client.Dispose();

    private static string Decode(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(
                Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='))
            );
        }
        catch (FormatException)
        {
            return "";
        }
    }
}
