using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SessionReplay.FaultTests.Proxy;

/// <summary>One connection through a proxy.</summary>
internal sealed class ProxyConnection(FaultProxy proxy, Socket client)
{
    private const int NotCut = -1;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _atStart = true;
    private volatile int _answerCutAt = NotCut;
    private volatile bool _answeredHere;
    private volatile string _request = "";

    public Task Ended => _ended.Task;

    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            client.NoDelay = true;
            await _server.ConnectAsync(target);
            var up = PumpAsync(UpAsync);
            var down = PumpAsync(DownAsync);
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer is not there, or one side went away: so it does for the other.
            Reset();
        }
        finally
        {
            client.Dispose();
            _server.Dispose();
            _ended.TrySetResult();
        }
    }

    /// <summary>Ends both sides without the farewell of an orderly end.</summary>
    public void Reset()
    {
        foreach (var socket in new[] { client, _server })
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It has ended already.
            }

            socket.Dispose();
        }
    }

    private async Task HoldAsync()
    {
        var passage = proxy.PassAsync(_request);
        if (!passage.IsCompleted)
        {
            proxy.AddStruck();
        }

        await passage;
    }

    private async Task PumpAsync(Func<Task> pump)
    {
        try
        {
            await pump();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (!_answeredHere)
            {
                Reset();
            }
        }
    }

    private async Task UpAsync()
    {
        var buffer = new byte[16 * 1024];
        long sent = 0;
        long? cutAt = null;
        while (await client.ReceiveAsync(buffer) is var count and > 0)
        {
            var fault = proxy.Fault;
            if (_atStart)
            {
                Begin(fault, buffer.AsSpan(0, count));
                sent = 0;
                if (fault.Strikes(FaultKind.Errors, _request))
                {
                    await AnswerAsync(fault.Status);
                    return;
                }

                cutAt = fault.Strikes(FaultKind.RequestCut, _request) ? fault.After : null;
            }

            await HoldAsync();
            await SlowDownAsync(fault);
            if (cutAt < sent + count)
            {
                await SendAsync(_server, buffer.AsMemory(0, (int)(cutAt.Value - sent)));
                // The peer gets its part before the connection breaks.
                await Task.Delay(20);
                proxy.AddStruck();
                Reset();
                return;
            }

            await SendAsync(_server, buffer.AsMemory(0, count));
            sent += count;
        }

        _server.Shutdown(SocketShutdown.Send);
    }

    private async Task SlowDownAsync(Fault fault)
    {
        if (fault.Kind == FaultKind.Slow && fault.Concerns(_request))
        {
            proxy.AddStruck();
            await Task.Delay(fault.Delay);
        }
    }

    private void Begin(Fault fault, ReadOnlySpan<byte> request)
    {
        _atStart = false;
        _request = Exchange.FirstLine(request);
        _answerCutAt = fault.Strikes(FaultKind.AnswerCut, _request) ? fault.After : NotCut;
    }

    private async Task DownAsync()
    {
        var buffer = new byte[16 * 1024];
        long answered = 0;
        while (await _server.ReceiveAsync(buffer) is var count and > 0)
        {
            await proxy.PassAsync(_request);
            var status = Exchange.StatusOf(buffer.AsSpan(0, count));
            if (!_atStart && status != 100)
            {
                _atStart = true;
                answered = 0;
                proxy.Exchanges.Enqueue(new(_request, status));
            }

            if (_atStart && _answerCutAt is var cutAt and not NotCut && answered + count > cutAt)
            {
                await SendAsync(client, buffer.AsMemory(0, (int)(cutAt - answered)));
                // Else the reset may overtake what was sent.
                await Task.Delay(20);
                proxy.AddStruck();
                Reset();
                return;
            }

            await SendAsync(client, buffer.AsMemory(0, count));
            answered += count;
        }

        client.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Answers in the peer's place, then takes in the rest of the request, so that the answer is read before the end.</summary>
    private async Task AnswerAsync(int status)
    {
        proxy.AddStruck();
        _answeredHere = true;
        _server.Dispose();
        await SendAsync(client, Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        client.Shutdown(SocketShutdown.Send);
        using var time = new CancellationTokenSource(DrainTime);
        var rest = new byte[16 * 1024];
        try
        {
            while (await client.ReceiveAsync(rest, time.Token) > 0)
            {
                // Not wanted.
            }
        }
        catch (OperationCanceledException)
        {
            // The client keeps its end open: it has had its answer.
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }
}
