using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SessionReplay.FaultTests.Proxy;

/// <summary>
/// Stands between a process and a peer on 127.0.0.1 and fails as the test tells it, while load is running. It knows of HTTP only that an
/// answer ends a request, so other protocols that take turns go through it too.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly Socket _reservation = NewSocket();
    private readonly ConcurrentDictionary<ProxyConnection, byte> _connections = new();
    private readonly Lock _switching = new();
    private Socket? _listener;
    private volatile Fault _fault = Fault.None;
    private TaskCompletionSource _passage = Passed();
    private int _struck;

    /// <param name="target">The peer's port.</param>
    public FaultProxy(int target)
    {
        _target = new(IPAddress.Loopback, target);
        // Bound and never listening: while the proxy refuses, the port still belongs to it.
        _reservation.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_reservation.LocalEndPoint!).Port;
        Listen();
    }

    public int Port { get; }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>The requests that were answered by the peer, in the order of their answers.</summary>
    public ConcurrentQueue<Exchange> Exchanges { get; } = new();

    /// <summary>How many requests or connections a fault has struck.</summary>
    public int Struck => _struck;

    /// <summary>What the proxy does from now on.</summary>
    public Fault Fault
    {
        get => _fault;
        set
        {
            lock (_switching)
            {
                _fault = value;
                if (value.Kind == FaultKind.Held)
                {
                    _passage = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
                else
                {
                    _passage.TrySetResult();
                }

                if (value.Kind == FaultKind.Refused)
                {
                    _listener?.Dispose();
                    _listener = null;
                    Reset();
                }
                else if (_listener is null)
                {
                    Listen();
                }
            }
        }
    }

    /// <summary>Resets all connections; what they held back reaches nobody.</summary>
    public void Reset()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
            AddStruck();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener?.Dispose();
        Reset();
        _passage.TrySetResult();
        _reservation.Dispose();
        await Task.WhenAll(_connections.Keys.Select(connection => connection.Ended));
    }

    internal void AddStruck() => Interlocked.Increment(ref _struck);

    /// <summary>Waits while the proxy holds what belongs to a request.</summary>
    internal Task PassAsync(string request) =>
        _fault is { Kind: FaultKind.Held } fault && !fault.Concerns(request) ? Task.CompletedTask : _passage.Task;

    private static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        return socket;
    }

    private static TaskCompletionSource Passed()
    {
        var passed = new TaskCompletionSource();
        passed.SetResult();
        return passed;
    }

    private void Listen()
    {
        var listener = NewSocket();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen(512);
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // It refuses now, or has ended.
            }

            var connection = new ProxyConnection(this, client);
            _connections[connection] = 0;
            _ = connection.RunAsync(_target).ContinueWith(_ => _connections.TryRemove(connection, out byte _), TaskScheduler.Default);
        }
    }
}
