using Microsoft.Data.Sqlite;

namespace SessionReplay.Queues;

/// <summary>Keeps prepared statements by their text. The parameters are <c>$1</c>, <c>$2</c> and so on.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private static readonly string[] Names = ["$1", "$2", "$3", "$4"];
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    internal int Run(string sql, params ReadOnlySpan<object> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Returns the first column of the first row; <see langword="null"/> when there is no row or no value.</summary>
    internal long? Number(string sql, params ReadOnlySpan<object> values) => Bind(sql, values).ExecuteScalar() as long?;

    internal SqliteDataReader Query(string sql, params ReadOnlySpan<object> values) => Bind(sql, values).ExecuteReader();

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = Names[i] });
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command;
    }
}
