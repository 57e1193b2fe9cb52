import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, useState} from "@odoo/owl";

export class Todo extends Component {
    static template = "pope_crm.Todo";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({cards: [], next: false, busy: false});
        this.env.config.setDisplayName(_t("To Do"));
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("pope.todo", "get_cards", []));
    }

    open(card, row) {
        if (card.open_method) {
            return this.run(card, row, card.open_method);
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: card.model,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    openAll(card) {
        return this.action.doAction(card.action);
    }

    async run(card, row, method) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const result = await this.orm.call(card.model, method, [[row.id]]);
            if (result && result.type) {
                return await this.action.doAction(result, {onClose: () => this.load()});
            }
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("actions").add("pope_crm.todo", Todo);
