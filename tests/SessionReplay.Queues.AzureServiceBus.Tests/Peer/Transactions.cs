using System.Collections.Concurrent;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>What a client has asked for in its open transactions: nothing of it is done before the transaction is discharged.</summary>
internal sealed class Transactions
{
    private readonly ConcurrentDictionary<string, Work> _open = new();

    public byte[] Declare()
    {
        var id = Guid.CreateVersion7().ToByteArray();
        _open[Convert.ToHexString(id)] = new Work();
        return id;
    }

    public void AddSettlement(byte[] id, Func<bool> settle) => _open[Convert.ToHexString(id)].Settlements.Add(settle);

    public void AddSend(byte[] id, Action send) => _open[Convert.ToHexString(id)].Sends.Add(send);

    /// <returns>Whether the transaction was as it should be; a lost lock undoes it.</returns>
    public bool Discharge(byte[] id, bool fail)
    {
        if (!_open.TryRemove(Convert.ToHexString(id), out var work))
        {
            return false;
        }

        if (fail)
        {
            return true;
        }

        if (!work.Settlements.TrueForAll(settle => settle()))
        {
            return false;
        }

        work.Sends.ForEach(send => send());
        return true;
    }

    private sealed class Work
    {
        public List<Func<bool>> Settlements { get; } = [];

        public List<Action> Sends { get; } = [];
    }
}
