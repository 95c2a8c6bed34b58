# Verifies a list: sends a file, waits while it is answered, fetches the rows and the summary.
source "$(dirname "$0")/exchange.sh"
TOKEN=$(token)
list=$(mktemp)

cat >"$list" <<'CSV'
pid,full_name,birth_date
999188000015,Trần Thị Thu Hương,02/09/1988
999212000026,Lí Hoà Thuận,17/05/2012
999045000037,Phạm Văn Thành,1945
999085000059,Lê Văn Nam,01/01/1990
CSV

# With a purpose it goes into the queue at once. The same key: the same batch, however often sent.
batch=$(ask POST /batches -H "Idempotency-Key: $(openssl rand -hex 16)" \
  -F "file=@$list;filename=people.csv;type=text/csv" -F purpose=trial)
id=$(printf '%s' "$batch" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/')
rm -f "$list"

while ! ask GET "/batches/$id" | grep -q '"state":"done"'; do sleep 1; done

ask GET "/batches/$id/rows?format=csv"
ask GET "/batches/$id/summary" -H 'Accept-Language: en'
echo
